/// Every packet of a pcap file, packed with gzip or not. The file's first four bytes are one of the
/// format's four or gzip's, so that the rest is looked at.
@_cdecl("LLVMFuzzerTestOneInput")
public func read(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  let magics: [[UInt8]] = [
    [0xd4, 0xc3, 0xb2, 0xa1], [0xa1, 0xb2, 0xc3, 0xd4], [0x4d, 0x3c, 0xb2, 0xa1],
    [0xa1, 0xb2, 0x3c, 0x4d],
  ]
  if input.starts(with: [0x1f, 0x8b]) {
    CaptureCheck.read(input)
    return 0
  }
  let magic = magics[Int(input.first ?? 0) & 3]
  CaptureCheck.read(magics.contains(Array(input.prefix(4))) ? input : magic + input.dropFirst(4))
  return 0
}
