/// A cursor over bytes in network order; every read is bounds-checked.
struct ByteReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private let layer: WireError.Layer

  init(_ bytes: ArraySlice<UInt8>, layer: WireError.Layer) {
    self.bytes = bytes
    self.position = bytes.startIndex
    self.layer = layer
  }

  /// How many bytes are left to read.
  var remaining: Int { bytes.endIndex - position }

  /// What is left to read, without copying it.
  var rest: ArraySlice<UInt8> { bytes[position...] }

  private func require(_ count: Int, _ field: String) throws(WireError) {
    guard count >= 0, remaining >= count else {
      throw .truncated(layer: layer, field: field, needed: count, available: remaining)
    }
  }

  mutating func uint8(_ field: String) throws(WireError) -> UInt8 {
    try require(1, field)
    defer { position += 1 }
    return bytes[position]
  }

  mutating func uint16(_ field: String) throws(WireError) -> UInt16 {
    try require(2, field)
    defer { position += 2 }
    return UInt16(bytes[position]) << 8 | UInt16(bytes[position + 1])
  }

  mutating func uint32(_ field: String) throws(WireError) -> UInt32 {
    try require(4, field)
    let high = try uint16(field)
    let low = try uint16(field)
    return UInt32(high) << 16 | UInt32(low)
  }

  mutating func slice(_ count: Int, _ field: String) throws(WireError) -> ArraySlice<UInt8> {
    try require(count, field)
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int, _ field: String) throws(WireError) {
    try require(count, field)
    position += count
  }

  /// Reads up to the next zero byte and consumes it.
  mutating func text(_ field: String) throws(WireError) -> String {
    String(decoding: try octets(field), as: UTF8.self)
  }

  /// Reads up to the next zero byte, which is consumed and no part of what is returned.
  mutating func octets(_ field: String) throws(WireError) -> ArraySlice<UInt8> {
    guard let end = bytes[position...].firstIndex(of: 0) else {
      throw .malformed(layer: layer, reason: "\(field) has no terminating zero byte")
    }
    defer { position = end + 1 }
    return bytes[position..<end]
  }
}
