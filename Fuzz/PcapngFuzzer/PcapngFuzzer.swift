/// Every packet of a pcapng file. It begins with a section header's type, so that the rest is looked
/// at.
@_cdecl("LLVMFuzzerTestOneInput")
public func read(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let input = Array(UnsafeBufferPointer(start: bytes, count: count))
  CaptureCheck.read([0x0a, 0x0d, 0x0d, 0x0a] + input.dropFirst(4))
  return 0
}
