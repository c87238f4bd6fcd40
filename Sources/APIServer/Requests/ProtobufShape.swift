import FoundationEssentials
import Objects
import Reconciliation

/// What fields of a message are called, and hold.
indirect enum ProtobufShape: Sendable {
  case text
  case integer
  case boolean
  /// Bytes, in base64 as JSON has them.
  case bytes
  /// A quantity, as its text.
  case quantity
  /// A moment; one of metav1.MicroTime with six digits behind the second.
  case time(hasFraction: Bool)
  /// A mapping of texts to such values.
  case map(ProtobufShape)
  case list(ProtobufShape)
  case message([Int: (String, ProtobufShape)])

  /// The object of a message of this shape.
  ///
  /// - Throws: ``StatusError`` for malformed bytes.
  func tree(_ message: ProtobufMessage) throws(StatusError) -> ObjectNode {
    guard case .message(let fields) = self else { return [:] }
    var tree: ObjectNode = [:]
    var lists: [String: [ObjectNode]] = [:]
    var maps: [String: [ObjectNode.Entry]] = [:]
    for field in message.fields {
      guard let (name, shape) = fields[field.number] else { continue }
      switch shape {
      case .list(let item):
        lists[name, default: []].append(try item.value(field))
      case .map(let value):
        let entry = try ProtobufMessage(field.bytes)
        let key = try entry.text(1) ?? ""
        var held: ObjectNode = ""
        if let field = entry.fields.last(where: { $0.number == 2 }) {
          held = try value.value(field)
        }
        maps[name, default: []].append(ObjectNode.Entry(key: key, value: held))
      default: tree[name] = try shape.value(field)
      }
    }
    for (name, items) in lists { tree[name] = .sequence(items) }
    for (name, entries) in maps { tree[name] = ObjectNode(.mapping(entries)) }
    return tree
  }

  private func value(_ field: ProtobufMessage.Field) throws(StatusError) -> ObjectNode {
    switch self {
    case .text:
      guard let text = String(validating: field.bytes, as: UTF8.self) else {
        throw .badRequest("a text in the protobuf body is not in UTF-8")
      }
      return .text(text)
    case .integer: return .integer(Int(truncatingIfNeeded: field.number64))
    case .boolean: return .boolean(field.number64 != 0)
    case .bytes: return .text(Data(field.bytes).base64EncodedString())
    case .quantity: return .text(try ProtobufMessage(field.bytes).text(1) ?? "0")
    case .time(let hasFraction):
      let time = try ProtobufMessage(field.bytes)
      let seconds = time.fields.last { $0.number == 1 }?.number64 ?? 0
      let nanoseconds = time.fields.last { $0.number == 2 }?.number64 ?? 0
      let text = "\(Timestamp(seconds: Int(truncatingIfNeeded: seconds % (1 << 40))))"
      guard hasFraction else { return .text(text) }
      let digits = String(nanoseconds / 1000 % 1_000_000)
      return .text(
        "\(text.dropLast()).\(String(repeating: "0", count: 6 - digits.count))\(digits)Z")
    case .list(let item): return try item.value(field)
    case .map, .message: return try tree(try ProtobufMessage(field.bytes))
    }
  }
}
