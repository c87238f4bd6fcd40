import PXEWire

/// A TFTP packet as a frame's datagram.
@_cdecl("LLVMFuzzerTestOneInput")
public func decode(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let payload = UnsafeBufferPointer(start: bytes, count: min(count, 60000))
  let length = UInt16(payload.count + 8)
  var frame: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, 0x45, 0]
  frame += [UInt8((length + 20) >> 8), UInt8((length + 20) & 0xff), 0, 0, 0, 0, 64, 17, 0, 0]
  frame += [192, 168, 100, 50, 192, 168, 100, 1, 8, 22, 0, 69]
  frame += [UInt8(length >> 8), UInt8(length & 0xff), 0, 0]
  frame += payload
  guard let datagram = try? Frame(decoding: frame).datagram,
    let message = try? TFTPMessage(decoding: datagram)
  else { return 0 }
  switch message {
  case .readRequest(let request), .writeRequest(let request):
    _ = (request.options.blockSize, request.options.transferSize, request.options.windowSize)
  case .optionAcknowledgment(let options):
    _ = (options.blockSize, options.transferSize, options.windowSize, options.timeout)
  case .data(_, let bytes):
    precondition(bytes >= 0 && bytes <= payload.count)
  case .acknowledgment, .error:
    break
  }
  return 0
}
