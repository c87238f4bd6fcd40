import Objects

extension JSONTree {
  /// The value that a JSON text says.
  ///
  /// - Throws: ``JSONError`` for what is no JSON (RFC 8259) or nests too deeply.
  package init(json bytes: [UInt8]) throws(JSONError) {
    self = try JSONParser.parse(bytes)
  }

  /// The value as JSON without spaces, fields sorted by name.
  package var json: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// Appends the value as JSON. A number that is not finite has no JSON and is written as null.
  func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
    case .integer(let number): bytes.append(contentsOf: String(number).utf8)
    case .double(let number):
      bytes.append(contentsOf: (number.isFinite ? String(number) : "null").utf8)
    case .string(let text): Self.write(text, to: &bytes)
    case .array(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        item.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let fields):
      bytes.append(UInt8(ascii: "{"))
      for (index, field) in fields.sorted.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.write(field.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        field.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { text in
      if text.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != 0x5c }) {
        bytes.append(contentsOf: text)
      } else {
        for byte in text { escape(byte, to: &bytes) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func escape(_ byte: UInt8, to bytes: inout [UInt8]) {
    switch byte {
    case UInt8(ascii: "\""), 0x5c: bytes.append(contentsOf: [0x5c, byte])
    case 0x0a: bytes.append(contentsOf: "\\n".utf8)
    case 0x00..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    default: bytes.append(byte)
    }
  }

  /// Levels of arrays and objects: 0 for a scalar, 1 for a list of scalars.
  var depth: Int {
    // Not deeper than asked for: a tree is measured before it is trusted.
    depth(within: JSONParser.depthLimit)
  }

  private func depth(within limit: Int) -> Int {
    guard limit > 0 else { return 1 }
    return switch self {
    case .array(let items): 1 + (items.lazy.map { $0.depth(within: limit - 1) }.max() ?? 0)
    case .object(let fields):
      1 + (fields.sorted.lazy.map { $0.value.depth(within: limit - 1) }.max() ?? 0)
    default: 0
    }
  }
}
