extension XMLElement {
  /// Reads the root element of an XML 1.0 document as libvirt writes it: no document type, hence
  /// no entities but XML's five, and names in ASCII. Comments and processing instructions are
  /// passed over, and so is text beside elements.
  ///
  /// An element that is empty has no text, one with nothing between its tags has empty text.
  ///
  /// - Throws: `XMLParsingError`; for a text of more than 4 MiB, which is libvirt's own limit
  ///   (remote_protocol.x, REMOTE_STRING_MAX), more than 100 levels, and more than 256 attributes of
  ///   an element too.
  package init(parsing text: String) throws(XMLParsingError) {
    var reader = try XMLReader(text)
    self = try reader.document()
  }

  /// Reads a document whose root element has a name.
  ///
  /// - Throws: `XMLParsingError`, also for another root element.
  package init(parsing text: String, root name: String) throws(XMLParsingError) {
    try self.init(parsing: text)
    guard self.name == name else {
      throw XMLParsingError(line: 1, reason: "the root element is <\(self.name)>, not <\(name)>")
    }
  }
}

/// Goes through the bytes of a document from beginning to end (XML 1.0, fifth edition).
private struct XMLReader {
  private static let mostBytes = 4 << 20
  private static let mostLevels = 100
  private static let mostAttributes = 256

  private let bytes: [UInt8]
  private var index = 0

  init(_ text: String) throws(XMLParsingError) {
    guard text.utf8.count <= Self.mostBytes else {
      throw XMLParsingError(
        line: 1, reason: "\(text.utf8.count) bytes are more than \(Self.mostBytes)")
    }
    // Section 2.11: every line end is one line feed before anything else is looked at.
    var bytes: [UInt8] = []
    var last: UInt8?
    for byte in text.utf8 {
      switch (last, byte) {
      case (0xd, 0xa): break
      case (_, 0xd): bytes.append(0xa)
      default: bytes.append(byte)
      }
      last = byte
    }
    self.bytes = bytes
    try refuseForbiddenCharacters()
  }

  /// Section 2.2: characters that no document has.
  private mutating func refuseForbiddenCharacters() throws(XMLParsingError) {
    for (index, byte) in bytes.enumerated() {
      let isControl = byte < 0x20 && !Self.isSpace(byte)
      // U+FFFE and U+FFFF.
      let isNoCharacter =
        byte >= 0xbe && index >= 2 && byte <= 0xbf && bytes[index - 1] == 0xbf
        && bytes[index - 2] == 0xef
      guard isControl || isNoCharacter else { continue }
      self.index = index
      throw error("a character that XML does not allow")
    }
  }

  mutating func document() throws(XMLParsingError) -> XMLElement {
    _ = take("\u{FEFF}")
    let start = index
    // The declaration names an encoding, which a text no longer has.
    if take("<?xml"), index < bytes.count, Self.isSpace(bytes[index]) {
      try skip(through: "?>", of: "the XML declaration")
    } else {
      index = start
    }
    try passOver()
    guard take("<") else { throw error("an element is expected") }
    let root = try element(level: 1)
    try passOver()
    guard index == bytes.count else { throw error("something comes after the root element") }
    return root
  }

  /// Spaces, comments and processing instructions outside of the root element.
  private mutating func passOver() throws(XMLParsingError) {
    while true {
      skipSpace()
      if take("<!DOCTYPE") { throw error("a document type is not read") }
      guard try takeComment() else { return }
    }
  }

  /// Whether a comment or a processing instruction was passed over.
  private mutating func takeComment() throws(XMLParsingError) -> Bool {
    if take("<!--") {
      try skip(through: "--", of: "a comment")
      guard take(">") else { throw error("-- in a comment") }
      return true
    }
    guard take("<?") else { return false }
    guard try name().lowercased() != "xml" else { throw error("<?xml is not at the beginning") }
    if take("?>") { return true }
    guard skipSpace() else { throw error("a space or ?> is expected in a processing instruction") }
    try skip(through: "?>", of: "a processing instruction")
    return true
  }

  /// An element after its `<`.
  private mutating func element(level: Int) throws(XMLParsingError) -> XMLElement {
    guard level <= Self.mostLevels else {
      throw error("elements are nested in more than \(Self.mostLevels) levels")
    }
    var element = XMLElement(try name())
    let start = index
    if try attributes(of: &element) { return element }
    var text: [UInt8] = []
    while !take("</") {
      guard index < bytes.count else {
        throw error("<\(element.name)> of line \(line(at: start)) is not closed")
      }
      if try takeComment() { continue }
      if take("<![CDATA[") {
        text += try skip(through: "]]>", of: "a CDATA section")
      } else if take("<") {
        element.children.append(try self.element(level: level + 1))
      } else {
        try characters(until: UInt8(ascii: "<"), into: &text)
      }
    }
    let closed = try name()
    guard closed == element.name else {
      throw error("</\(closed)> where <\(element.name)> of line \(line(at: start)) is to be closed")
    }
    skipSpace()
    guard take(">") else { throw error("> is expected after </\(closed)") }
    if element.children.isEmpty { element.text = String(decoding: text, as: UTF8.self) }
    return element
  }

  /// The attributes, and the end of the tag; whether the element is empty.
  private mutating func attributes(of element: inout XMLElement) throws(XMLParsingError) -> Bool {
    while true {
      let hasSpace = skipSpace()
      if take("/>") { return true }
      if take(">") { return false }
      guard hasSpace else { throw error("a space, > or /> is expected in <\(element.name)") }
      let name = try name()
      skipSpace()
      guard take("=") else { throw error("= is expected after the attribute \(name)") }
      skipSpace()
      guard let quote = bytes[index...].first,
        [UInt8(ascii: "'"), UInt8(ascii: "\"")].contains(quote)
      else { throw error("the value of the attribute \(name) is not in quotes") }
      index += 1
      var value: [UInt8] = []
      try characters(until: quote, into: &value, isAttribute: true)
      guard index < bytes.count, bytes[index] == quote else {
        throw error("the value of the attribute \(name) does not end")
      }
      index += 1
      guard element[attribute: name] == nil else {
        throw error("the attribute \(name) comes twice")
      }
      guard element.attributes.count < Self.mostAttributes else {
        throw error("<\(element.name)> has more than \(Self.mostAttributes) attributes")
      }
      element.attributes.append(.init(name: name, value: String(decoding: value, as: UTF8.self)))
    }
  }

  /// Text up to a character, with its references resolved.
  private mutating func characters(
    until end: UInt8, into text: inout [UInt8], isAttribute: Bool = false
  ) throws(XMLParsingError) {
    while index < bytes.count, bytes[index] != end {
      switch bytes[index] {
      case UInt8(ascii: "&"): text += try reference()
      case UInt8(ascii: "<"): throw error("< in the value of an attribute")
      case UInt8(ascii: "]") where !isAttribute && isAt("]]>"):
        throw error("]]> outside of a CDATA section")
      case let byte where isAttribute && Self.isSpace(byte):
        // Section 3.3.3.
        text.append(UInt8(ascii: " "))
        index += 1
      case let byte:
        text.append(byte)
        index += 1
      }
    }
  }

  /// A reference to a character or to one of XML's five entities (sections 4.1 and 4.6).
  private mutating func reference() throws(XMLParsingError) -> [UInt8] {
    // The longest that means something is &#x10FFFF; with some zeros before.
    guard let end = bytes[index...].prefix(16).firstIndex(of: UInt8(ascii: ";")) else {
      throw error("& is not the beginning of a reference")
    }
    let name = String(decoding: bytes[index + 1..<end], as: UTF8.self)
    let entities = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"]
    if let character = entities[name] {
      index = end + 1
      return Array(character.utf8)
    }
    guard name.hasPrefix("#") else { throw error("the entity &\(name); is not one of XML's five") }
    let isHexadecimal = name.hasPrefix("#x")
    let digits = name.dropFirst(isHexadecimal ? 2 : 1)
    guard digits.allSatisfy(\.isHexDigit),
      let value = UInt32(digits, radix: isHexadecimal ? 16 : 10),
      let scalar = Unicode.Scalar(value), value >= 0x20 || [0x9, 0xa, 0xd].contains(value),
      value & ~1 != 0xfffe
    else { throw error("&\(name); is not a character of XML") }
    index = end + 1
    return Array(String(Character(scalar)).utf8)
  }

  private mutating func name() throws(XMLParsingError) -> String {
    let start = index
    while index < bytes.count, Self.isNameByte(bytes[index]) { index += 1 }
    guard start < index, !"-.0123456789".utf8.contains(bytes[start]) else {
      index = start
      throw error("a name is expected")
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"),
      UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x9 || byte == 0xa || byte == 0xd
  }

  @discardableResult
  private mutating func skipSpace() -> Bool {
    let start = index
    while index < bytes.count, Self.isSpace(bytes[index]) { index += 1 }
    return start < index
  }

  private mutating func take(_ text: String) -> Bool {
    guard isAt(text) else { return false }
    index += text.utf8.count
    return true
  }

  private func isAt(_ text: String) -> Bool {
    var place = index
    for byte in text.utf8 {
      guard place < bytes.count, bytes[place] == byte else { return false }
      place += 1
    }
    return true
  }

  /// Goes on behind a text; what came before it.
  @discardableResult
  private mutating func skip(through end: String, of what: String) throws(XMLParsingError)
    -> ArraySlice<UInt8>
  {
    let start = index
    while !take(end) {
      guard index < bytes.count else {
        index = start
        throw error("\(what) does not end")
      }
      index += 1
    }
    return bytes[start..<index - end.utf8.count]
  }

  private func line(at index: Int) -> Int {
    bytes[..<index].count { $0 == UInt8(ascii: "\n") } + 1
  }

  private func error(_ reason: String) -> XMLParsingError {
    XMLParsingError(line: line(at: index), reason: reason)
  }
}
