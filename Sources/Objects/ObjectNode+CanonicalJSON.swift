extension ObjectNode {
  /// The value that a JSON text says, canonical.
  ///
  /// - Throws: ``JSONError`` for what is no JSON (RFC 8259), for a number that no double can hold, or
  ///   more than 128 levels.
  package init(json bytes: [UInt8]) throws(JSONError) {
    self = try JSONParser.parse(bytes)
  }

  /// The value as JSON without spaces, fields sorted by name.
  package var canonicalJSON: [UInt8] {
    var bytes: [UInt8] = []
    writeCanonicalJSON(to: &bytes)
    return bytes
  }

  /// Appends what ``canonicalJSON`` is.
  package func writeCanonicalJSON(to bytes: inout [UInt8]) {
    switch storage {
    case .literal(let text): bytes.append(contentsOf: text.utf8)
    case .text(let text): Self.writeJSON(text, to: &bytes)
    case .items(let items):
      bytes.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        item.writeCanonicalJSON(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .fields(let fields):
      bytes.append(UInt8(ascii: "{"))
      for (index, field) in fields.sorted.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        Self.writeJSON(field.name, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        field.value.writeCanonicalJSON(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .record, .value: canonical.writeCanonicalJSON(to: &bytes)
    }
  }

  /// Appends a text as JSON, in quotes.
  static func writeJSON(_ text: String, to bytes: inout [UInt8]) {
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
    case 0x0d: bytes.append(contentsOf: "\\r".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case 0x00..<0x20:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
    default: bytes.append(byte)
    }
  }
}
