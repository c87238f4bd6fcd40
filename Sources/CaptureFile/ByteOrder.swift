/// The order of the bytes in a file's numbers.
enum ByteOrder: Hashable {
  case little, big

  @inline(__always)
  func uint16(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt16 {
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
    return self == .little ? UInt16(littleEndian: value) : UInt16(bigEndian: value)
  }

  @inline(__always)
  func uint32(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
    return self == .little ? UInt32(littleEndian: value) : UInt32(bigEndian: value)
  }

  func uint64(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    let value = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    return self == .little ? UInt64(littleEndian: value) : UInt64(bigEndian: value)
  }
}
