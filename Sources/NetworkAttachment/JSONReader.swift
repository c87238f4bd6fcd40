import Objects

/// Reads the JSON of a CNI configuration into nodes that know their place in the YAML file.
///
/// Written here because a network attachment holds its JSON inside a YAML string: a mistake has to
/// be shown in the file's own line and column, which no JSON library gives. Errors use the words
/// of Go's encoding/json, which CNI plugins use. The last of two equal keys wins, as there. JSON that
/// is in no YAML file is read by Objects (`ObjectNode(json:)`), without places.
struct JSONReader {
  /// JSON that is not well formed.
  struct Failure: Error {
    var message: String
    var location: SourceLocation
  }

  /// Deeper nesting than this is refused (Go's own limit is 10000).
  private static let depthLimit = 200

  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lineStart = 0
  private let origin: SourceLocation?
  private let places: [ObjectNode.Scalar.Place]
  private let fallback: SourceLocation

  /// Reads a scalar's text; places are exact when the scalar knows where its text begins.
  static func read(
    _ scalar: ObjectNode.Scalar, at location: SourceLocation
  ) throws(Failure) -> ObjectNode {
    var reader = JSONReader(scalar, location)
    let node = try reader.value(depth: 0)
    reader.skipSpace()
    if let byte = reader.peek {
      throw reader.failure("invalid character \(quote(byte)) after top-level value")
    }
    return node
  }

  private init(_ scalar: ObjectNode.Scalar, _ location: SourceLocation) {
    bytes = Array(scalar.text.utf8)
    origin = scalar.origin
    places = scalar.places
    fallback = location
  }

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private var place: SourceLocation {
    if let origin {
      return SourceLocation(
        file: origin.file, line: origin.line + line - 1,
        column: origin.column + scalars(from: lineStart))
    }
    guard let place = places.last(where: { $0.offset <= index }) else { return fallback }
    var location = place.location
    location.column += scalars(from: place.offset)
    return location
  }

  /// Unicode scalars from an offset to the present one.
  private func scalars(from offset: Int) -> Int {
    bytes[offset..<min(index, bytes.count)].count { $0 & 0xc0 != 0x80 }
  }

  private func failure(_ message: String) -> Failure {
    Failure(message: message, location: place)
  }

  private func unexpected(_ context: String) -> Failure {
    guard let byte = peek else { return failure("unexpected end of JSON input") }
    return failure("invalid character \(Self.quote(byte)) \(context)")
  }

  private static func quote(_ byte: UInt8) -> String {
    switch byte {
    case 0x0a: "'\\n'"
    case 0x09: "'\\t'"
    case 0x27: "'\\''"
    default: "'\(Character(Unicode.Scalar(byte)))'"
    }
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d {
      index += 1
      if byte == 0x0a {
        line += 1
        lineStart = index
      }
    }
  }

  private mutating func value(depth: Int) throws(Failure) -> ObjectNode {
    skipSpace()
    guard depth < Self.depthLimit else { throw failure("exceeded max depth") }
    let start = place
    switch peek {
    case UInt8(ascii: "{"): return try object(start, depth)
    case UInt8(ascii: "["): return try array(start, depth)
    case UInt8(ascii: "\""):
      let text = try string()
      return ObjectNode(.scalar(.init(text: text, isPlain: false)), location: start)
    case UInt8(ascii: "t"): return try literal("true", start)
    case UInt8(ascii: "f"): return try literal("false", start)
    case UInt8(ascii: "n"): return try literal("null", start)
    case let byte? where byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte):
      return try number(start)
    default: throw unexpected("looking for beginning of value")
    }
  }

  private mutating func object(
    _ start: SourceLocation, _ depth: Int
  ) throws(Failure) -> ObjectNode {
    index += 1
    var entries: [ObjectNode.Entry] = []
    skipSpace()
    if peek == UInt8(ascii: "}") {
      index += 1
      return ObjectNode(.mapping([]), location: start)
    }
    while true {
      skipSpace()
      guard peek == UInt8(ascii: "\"") else {
        throw unexpected("looking for beginning of object key string")
      }
      let keyPlace = place
      let key = try string()
      skipSpace()
      guard peek == UInt8(ascii: ":") else { throw unexpected("after object key") }
      index += 1
      let value = try value(depth: depth + 1)
      entries.append(ObjectNode.Entry(key: key, location: keyPlace, value: value))
      skipSpace()
      switch peek {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "}"):
        index += 1
        return ObjectNode(.mapping(entries.lastOfEachKey()), location: start)
      default: throw unexpected("after object key:value pair")
      }
    }
  }

  private mutating func array(
    _ start: SourceLocation, _ depth: Int
  ) throws(Failure) -> ObjectNode {
    index += 1
    var items: [ObjectNode] = []
    skipSpace()
    if peek == UInt8(ascii: "]") {
      index += 1
      return ObjectNode(.sequence([]), location: start)
    }
    while true {
      items.append(try value(depth: depth + 1))
      skipSpace()
      switch peek {
      case UInt8(ascii: ","): index += 1
      case UInt8(ascii: "]"):
        index += 1
        return ObjectNode(.sequence(items), location: start)
      default: throw unexpected("after array element")
      }
    }
  }

  private mutating func literal(
    _ word: String, _ start: SourceLocation
  ) throws(Failure) -> ObjectNode {
    for expected in word.utf8 {
      guard peek == expected else {
        throw unexpected("in literal \(word) (expecting \(Self.quote(expected)))")
      }
      index += 1
    }
    return ObjectNode(.scalar(.init(text: word, isPlain: true)), location: start)
  }

  private mutating func digits(_ context: String) throws(Failure) {
    guard let first = peek, (0x30...0x39).contains(first) else { throw unexpected(context) }
    while let byte = peek, (0x30...0x39).contains(byte) { index += 1 }
  }

  private mutating func number(_ start: SourceLocation) throws(Failure) -> ObjectNode {
    let begin = index
    if peek == UInt8(ascii: "-") { index += 1 }
    if peek == UInt8(ascii: "0") {
      index += 1
    } else {
      try digits("in numeric literal")
    }
    if peek == UInt8(ascii: ".") {
      index += 1
      try digits("after decimal point in numeric literal")
    }
    if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
      index += 1
      if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { index += 1 }
      try digits("in exponent of numeric literal")
    }
    let text = String(decoding: bytes[begin..<index], as: UTF8.self)
    return ObjectNode(.scalar(.init(text: text, isPlain: true)), location: start)
  }

  private mutating func string() throws(Failure) -> String {
    index += 1
    var text: [UInt8] = []
    while let byte = peek {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        index += 1
        text += Array(String(try escape()).utf8)
      case 0..<0x20: throw unexpected("in string literal")
      default:
        text.append(byte)
        index += 1
      }
    }
    throw failure("unexpected end of JSON input")
  }

  private mutating func escape() throws(Failure) -> Character {
    let plain: [UInt8: Character] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard let byte = peek else { throw failure("unexpected end of JSON input") }
    if let character = plain[byte] {
      index += 1
      return character
    }
    guard byte == UInt8(ascii: "u") else { throw unexpected("in string escape code") }
    index += 1
    var unit = try codeUnit()
    if (0xd800..<0xdc00).contains(unit), bytes[index...].starts(with: Array("\\u".utf8)) {
      let mark = index
      index += 2
      let low = try codeUnit()
      if (0xdc00..<0xe000).contains(low) {
        unit = 0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00)
      } else {
        index = mark
      }
    }
    return Character(Unicode.Scalar(unit) ?? "\u{fffd}")
  }

  private mutating func codeUnit() throws(Failure) -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw unexpected("in \\u hexadecimal character escape")
      }
      unit = unit << 4 | UInt32(digit)
      index += 1
    }
    return unit
  }
}
