import Objects

/// A message on the wire (protobuf.dev, programming-guides/encoding): numbered fields, each a number
/// or bytes.
struct ProtobufMessage: Sendable {
  struct Field: Sendable {
    let number: Int
    /// The value of a number; 0 of bytes.
    let number64: UInt64
    /// The value of bytes; empty of a number.
    let bytes: ArraySlice<UInt8>
  }

  /// The fields in their order.
  let fields: [Field]

  /// Fields that a message may have.
  private static let limit = 100_000

  /// Reads a message.
  ///
  /// - Throws: ``StatusError`` for malformed bytes.
  init(_ bytes: some Sequence<UInt8>) throws(StatusError) {
    var rest = Array(bytes)[...]
    var fields: [Field] = []
    while !rest.isEmpty {
      guard fields.count < Self.limit else {
        throw .badRequest("the protobuf body has more than \(Self.limit) fields")
      }
      let key = try Self.number(&rest)
      let number = Int(truncatingIfNeeded: key >> 3)
      switch key & 7 {
      case 0:
        fields.append(Field(number: number, number64: try Self.number(&rest), bytes: []))
      case 1, 5:
        let count = key & 7 == 1 ? 8 : 4
        guard rest.count >= count else { throw Self.cutShort }
        rest = rest.dropFirst(count)
      case 2:
        let count = try Self.number(&rest)
        guard count <= UInt64(rest.count) else { throw Self.cutShort }
        fields.append(Field(number: number, number64: 0, bytes: rest.prefix(Int(count))))
        rest = rest.dropFirst(Int(count))
      default: throw .badRequest("the protobuf body has a field of an unknown form")
      }
    }
    self.fields = fields
  }

  /// The bytes of a field; of several the last.
  func bytes(_ number: Int) -> ArraySlice<UInt8>? { fields.last { $0.number == number }?.bytes }

  func message(_ number: Int) throws(StatusError) -> ProtobufMessage? {
    guard let bytes = bytes(number) else { return nil }
    return try ProtobufMessage(bytes)
  }

  func text(_ number: Int) throws(StatusError) -> String? {
    guard let bytes = bytes(number) else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .badRequest("a text in the protobuf body is not in UTF-8")
    }
    return text
  }

  private static let cutShort = StatusError.badRequest("the protobuf body is cut short")

  private static func number(_ rest: inout ArraySlice<UInt8>) throws(StatusError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { throw cutShort }
      value |= UInt64(byte & 0x7f) << shift
      if byte & 0x80 == 0 { return value }
    }
    throw .badRequest("the protobuf body has a number of more than 64 bits")
  }
}
