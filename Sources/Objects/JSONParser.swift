/// Reads JSON (RFC 8259) strictly into canonical nodes; of fields with one name the last counts.
struct JSONParser {
  /// How deep arrays and objects may nest: enough for an object and what a log puts around it.
  static let depthLimit = 128

  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  private init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  static func parse(_ bytes: [UInt8]) throws(JSONError) -> ObjectNode {
    var parser = JSONParser(bytes)
    let value = try parser.value()
    parser.skipSpace()
    guard parser.index == bytes.count else { throw parser.error("text after the value") }
    return value
  }

  private func error(_ reason: String) -> JSONError { JSONError(reason: reason, offset: index) }

  /// The next byte; 0 at the end, where no JSON has one.
  private var next: UInt8 { index < bytes.count ? bytes[index] : 0 }

  private mutating func skipSpace() {
    while next == 0x20 || next == 0x0a || next == 0x0d || next == 0x09 { index += 1 }
  }

  private mutating func value() throws(JSONError) -> ObjectNode {
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try nested { parser throws(JSONError) in try parser.object() }
    case UInt8(ascii: "["): return try nested { parser throws(JSONError) in try parser.array() }
    case UInt8(ascii: "\""): return ObjectNode(.text(try string()))
    case UInt8(ascii: "t"): return try word("true")
    case UInt8(ascii: "f"): return try word("false")
    case UInt8(ascii: "n"): return try word("null")
    default: return try number()
    }
  }

  private mutating func nested(
    _ body: (inout JSONParser) throws(JSONError) -> ObjectNode
  ) throws(JSONError) -> ObjectNode {
    guard depth < Self.depthLimit else { throw error("more than \(Self.depthLimit) levels") }
    depth += 1
    index += 1
    let value = try body(&self)
    depth -= 1
    return value
  }

  /// After an item: whether another follows, or the collection's end.
  private mutating func continues(until end: UInt8) throws(JSONError) -> Bool {
    skipSpace()
    guard next == UInt8(ascii: ",") || next == end else { throw error("a comma is missing") }
    defer { index += 1 }
    return next != end
  }

  private mutating func isEmpty(_ end: UInt8) -> Bool {
    skipSpace()
    guard next == end else { return false }
    index += 1
    return true
  }

  private mutating func object() throws(JSONError) -> ObjectNode {
    let end = UInt8(ascii: "}")
    guard !isEmpty(end) else { return ObjectNode(.fields(SortedFields())) }
    var fields: [SortedFields.Field] = []
    repeat {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw error("a name is missing") }
      let name = try string()
      skipSpace()
      guard next == UInt8(ascii: ":") else { throw error("a colon is missing") }
      index += 1
      fields.append(SortedFields.Field(name: name, value: try value()))
    } while try continues(until: end)
    return ObjectNode(.fields(SortedFields(fields)))
  }

  private mutating func array() throws(JSONError) -> ObjectNode {
    let end = UInt8(ascii: "]")
    guard !isEmpty(end) else { return ObjectNode(.items([])) }
    var items: [ObjectNode] = []
    repeat { items.append(try value()) } while try continues(until: end)
    return ObjectNode(.items(items))
  }

  private mutating func word(_ text: String) throws(JSONError) -> ObjectNode {
    guard bytes[index...].starts(with: text.utf8) else { throw error("no value") }
    index += text.utf8.count
    return ObjectNode(.literal(text))
  }

  private mutating func digits() throws(JSONError) {
    guard (0x30...0x39).contains(next) else { throw error("no value") }
    while (0x30...0x39).contains(next) { index += 1 }
  }

  /// Whether a text is a number as JSON spells it, however large.
  static func isNumber(_ text: String) -> Bool {
    var parser = JSONParser(Array(text.utf8))
    do { try parser.spelledNumber() } catch { return false }
    return parser.index == parser.bytes.count
  }

  /// A number keeps its text, so that 4 stays 4, and 4.0 stays 4.0.
  private mutating func number() throws(JSONError) -> ObjectNode {
    let start = index
    try spelledNumber()
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    if Int(text) == nil, Double(text)?.isFinite != true { throw error("a number too large") }
    return ObjectNode(.literal(text))
  }

  private mutating func spelledNumber() throws(JSONError) {
    if next == UInt8(ascii: "-") { index += 1 }
    if next == UInt8(ascii: "0") { index += 1 } else { try digits() }
    if next == UInt8(ascii: ".") {
      index += 1
      try digits()
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      index += 1
      if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
      try digits()
    }
  }
}

extension JSONParser {
  private mutating func string() throws(JSONError) -> String {
    index += 1
    let start = index
    // Most texts have no escapes and are taken as they stand.
    while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != 0x5c,
      bytes[index] >= 0x20
    {
      index += 1
    }
    guard next != UInt8(ascii: "\"") else {
      defer { index += 1 }
      return try text(bytes[start..<index])
    }
    var unescaped = Array(bytes[start..<index])
    while next != UInt8(ascii: "\"") {
      guard next >= 0x20 else { throw error("a text without its end") }
      if next == 0x5c {
        try escape(into: &unescaped)
      } else {
        unescaped.append(next)
        index += 1
      }
    }
    index += 1
    return try text(unescaped[...])
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(JSONError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw error("a text that is no UTF-8")
    }
    return text
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
    index += 1
    let letter = next
    index += 1
    switch letter {
    case UInt8(ascii: "\""), 0x5c, UInt8(ascii: "/"): text.append(letter)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0c)
    case UInt8(ascii: "n"): text.append(0x0a)
    case UInt8(ascii: "r"): text.append(0x0d)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"):
      var scalar = try codeUnit()
      if (0xd800...0xdbff).contains(scalar), next == 0x5c,
        index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u")
      {
        let before = index
        index += 2
        let low = try codeUnit()
        if (0xdc00...0xdfff).contains(low) {
          scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
        } else {
          index = before
        }
      }
      // Half of a pair stands for no character: U+FFFD, as Go reads it.
      text.append(contentsOf: Character(Unicode.Scalar(scalar) ?? "\u{fffd}").utf8)
    default: throw error("an unknown escape")
    }
  }

  /// The four hexadecimal digits of \u.
  private mutating func codeUnit() throws(JSONError) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      switch next {
      case 0x30...0x39: unit = unit << 4 | UInt32(next - 0x30)
      case 0x41...0x46: unit = unit << 4 | UInt32(next - 0x41 + 10)
      case 0x61...0x66: unit = unit << 4 | UInt32(next - 0x61 + 10)
      default: throw error("an unknown escape")
      }
      index += 1
    }
    return unit
  }
}
