/// Bytes or text of an EFI structure that do not hold what they should.
package struct EFIDecodingError: Error, Hashable, CustomStringConvertible {
  /// The structure: `load option`, `device path`, `boot order`.
  package var structure: String
  /// Where, in bytes from its beginning (in characters for a text).
  package var offset: Int
  /// What is wrong there.
  package var reason: String

  /// One line for a person.
  package var description: String { "\(structure), at \(offset): \(reason)" }
}

/// Reads little-endian numbers from bytes.
struct ByteReader {
  let structure: String
  let bytes: ArraySlice<UInt8>
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>, of structure: String) {
    self.structure = structure
    self.bytes = bytes
    position = bytes.startIndex
  }

  var remaining: Int { bytes.endIndex - position }

  var offset: Int { position - bytes.startIndex }

  mutating func take(_ count: Int) throws(EFIDecodingError) -> ArraySlice<UInt8> {
    guard count <= remaining else {
      throw failure("\(count) bytes are needed, \(remaining) are left")
    }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func number<T: FixedWidthInteger & UnsignedInteger>(
    _ type: T.Type
  ) throws(EFIDecodingError) -> T {
    try T(littleEndian: take(T.bitWidth / 8))
  }

  func failure(_ reason: String) -> EFIDecodingError {
    EFIDecodingError(structure: structure, offset: offset, reason: reason)
  }
}

extension FixedWidthInteger where Self: UnsignedInteger {
  init(littleEndian bytes: ArraySlice<UInt8>) {
    self = bytes.reversed().reduce(0) { $0 << 8 | Self($1) }
  }

  /// The bytes, least significant first.
  var littleEndianBytes: [UInt8] {
    (0..<Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> Self(8 * $0)) }
  }
}
