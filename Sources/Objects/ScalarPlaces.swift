/// Where the pieces of a scalar's text stand in its file, when its lines are not lines of the file:
/// folded blocks, quotes over several lines, escapes.
struct ScalarPlaces {
  /// How a scalar is written.
  enum Style {
    case folded, single, double, plain
  }

  private let source: UnsafeBufferPointer<UInt8>
  private let text: UnsafeBufferPointer<UInt8>
  private let style: Style
  private let file: String
  private var position: Int
  private var line: Int
  private var column: Int
  private var index = 0
  private var places: [ObjectNode.Scalar.Place] = []

  /// - Parameters:
  ///   - start: the offset in the source of the first byte after the quote, or after the line of a
  ///     block's header.
  ///   - line: that byte's line in the file, from 1.
  ///   - column: its column, from 1, in Unicode scalars.
  init(
    of text: UnsafeBufferPointer<UInt8>, _ style: Style, in source: UnsafeBufferPointer<UInt8>,
    from start: Int, file: String, line: Int, column: Int
  ) {
    self.text = text
    self.style = style
    self.source = source
    self.file = file
    self.line = line
    self.column = column
    position = start
  }

  /// The places, ascending; they end where text and source cannot be brought together.
  mutating func find() -> [ObjectNode.Scalar.Place] {
    if style == .folded { skipSourceSpace() }
    mark()
    while index < text.count, position < source.count {
      let byte = source[position]
      if style == .double, byte == UInt8(ascii: "\\") {
        guard readEscape() else { break }
      } else if style == .single, byte == UInt8(ascii: "'") {
        advance()
        advance()
        index += 1
        mark()
      } else if isSpace(text[index]) || isSpace(byte) {
        // Folding makes one run of space of another.
        skipSourceSpace()
        while index < text.count, isSpace(text[index]) { index += 1 }
        mark()
      } else {
        guard byte == text[index] else { break }
        advance()
        index += 1
      }
    }
    return places
  }

  private mutating func mark() {
    let location = SourceLocation(file: file, line: line, column: column)
    places.append(.init(offset: index, location: location))
  }

  private func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }

  private mutating func advance() {
    guard position < source.count else { return }
    if source[position] == 0x0a {
      line += 1
      column = 1
    } else if source[position] & 0xc0 != 0x80 {
      column += 1
    }
    position += 1
  }

  private mutating func skipSourceSpace() {
    while position < source.count, isSpace(source[position]) { advance() }
  }

  /// An escape of a text in double quotes (YAML 1.2.2, 5.7).
  private mutating func readEscape() -> Bool {
    guard position + 1 < source.count else { return false }
    let digits: Int
    switch source[position + 1] {
    case 0x0a, 0x0d:
      // An escaped line break is no text.
      advance()
      skipSourceSpace()
      mark()
      return true
    case UInt8(ascii: "x"): digits = 2
    case UInt8(ascii: "u"): digits = 4
    case UInt8(ascii: "U"): digits = 8
    default: digits = 0
    }
    for _ in 0..<2 + digits { advance() }
    index += 1
    while index < text.count, text[index] & 0xc0 == 0x80 { index += 1 }
    mark()
    return true
  }
}
