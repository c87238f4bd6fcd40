import CYaml

/// libyaml's parser over bytes that outlive it (at least one), and its current event.
final class EventParser {
  struct Scalar {
    /// Valid until the next event.
    var text: UnsafeBufferPointer<UInt8>
    var style: yaml_scalar_style_t
    /// The tag, when one is written.
    var tag: String?
    var anchor: String?
  }

  /// A place in the bytes, from 0, in lines and Unicode scalars.
  struct Mark {
    var line: Int
    var column: Int

    init(_ mark: yaml_mark_t) {
      line = Int(clamping: mark.line)
      column = Int(clamping: mark.column)
    }
  }

  // libyaml keeps the parser's own address in it.
  private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
  private let event = UnsafeMutablePointer<yaml_event_t>.allocate(capacity: 1)
  private let isUsable: Bool

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser.initialize(to: yaml_parser_t())
    event.initialize(to: yaml_event_t())
    isUsable = yaml_parser_initialize(parser) == 1
    guard isUsable, let base = bytes.baseAddress else { return }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, base, bytes.count)
  }

  deinit {
    yaml_event_delete(event)
    if isUsable { yaml_parser_delete(parser) }
    event.deallocate()
    parser.deallocate()
  }

  /// Goes to the next event; false when the YAML is wrong.
  func next() -> Bool {
    guard isUsable else { return false }
    yaml_event_delete(event)
    return yaml_parser_parse(parser, event) == 1
  }

  var type: yaml_event_type_t { event.pointee.type }
  var start: Mark { Mark(event.pointee.start_mark) }
  var endColumn: Int { Int(clamping: event.pointee.end_mark.column) }
  var endLine: Int { Int(clamping: event.pointee.end_mark.line) }

  /// What a scalar's event holds.
  var scalar: Scalar {
    let scalar = event.pointee.data.scalar
    return Scalar(
      text: UnsafeBufferPointer(start: scalar.value, count: scalar.length), style: scalar.style,
      tag: text(scalar.tag), anchor: text(scalar.anchor))
  }

  /// The name in an alias's event.
  var alias: String { text(event.pointee.data.alias.anchor) ?? "" }

  /// The anchor of a mapping or sequence that begins.
  var collectionAnchor: String? {
    event.pointee.type == YAML_MAPPING_START_EVENT
      ? text(event.pointee.data.mapping_start.anchor)
      : text(event.pointee.data.sequence_start.anchor)
  }

  private func text(_ bytes: UnsafePointer<UInt8>?) -> String? {
    bytes.map { String(cString: $0) }
  }

  /// What is wrong, with its place in the file; `lineOffset` lines come before the bytes.
  func problem(
    file: String, lineOffset: Int, bytes: UnsafeBufferPointer<UInt8>
  ) -> Problem {
    var location = SourceLocation(file: file, line: lineOffset + 1, column: 1)
    guard isUsable, parser.pointee.error != YAML_MEMORY_ERROR, let text = parser.pointee.problem
    else {
      return Problem(location: location, message: "YAML: out of memory")
    }
    var message = String(cString: text)
    if parser.pointee.error == YAML_READER_ERROR {
      let before = bytes.prefix(Int(clamping: parser.pointee.problem_offset))
      location.line += before.count { $0 == 0x0a }
      let line = before.suffix(while: { $0 != 0x0a })
      // Continuation bytes of UTF-8 are no characters of their own.
      location.column = line.count { $0 & 0xc0 != 0x80 } + 1
      if parser.pointee.problem_value >= 0 {
        message += " (#x\(String(parser.pointee.problem_value, radix: 16)))"
      }
      return Problem(location: location, message: "YAML: \(message)")
    }
    let mark = Mark(parser.pointee.problem_mark)
    location.line = lineOffset + mark.line + 1
    location.column = mark.column + 1
    // At the end libyaml goes to a new line, also where the file has none.
    let lastLine = bytes.suffix(while: { $0 != 0x0a && $0 != 0x0d })
    let length = bytes.count { $0 & 0xc0 != 0x80 }
    if mark.column == 0, !lastLine.isEmpty, Int(parser.pointee.problem_mark.index) >= length {
      location.line -= 1
      location.column = lastLine.count { $0 & 0xc0 != 0x80 } + 1
    }
    if message.hasPrefix("Maximum nesting level") {
      // libyaml's text goes on with advice for its own callers.
      message = "more than \(TreeComposer.depthLimit) levels of nesting"
    } else if let context = parser.pointee.context {
      let line = lineOffset + Int(clamping: parser.pointee.context_mark.line) + 1
      message = "\(String(cString: context)) that begins in line \(line): \(message)"
    }
    if message.hasSuffix("found character that cannot start any token") {
      switch Self.byte(bytes, line: mark.line, column: mark.column) {
      case 0x09: message += ": a tab; YAML is indented with spaces"
      case let byte? where byte > 0x20 && byte < 0x7f:
        message += ": a text that begins with \(Character(Unicode.Scalar(byte))) must be in quotes"
      default: break
      }
    }
    return Problem(location: location, message: "YAML: \(message)")
  }
}

extension EventParser {
  /// The byte at a place, where the line before it has only ASCII.
  private static func byte(
    _ bytes: UnsafeBufferPointer<UInt8>, line: Int, column: Int
  ) -> UInt8? {
    var start = 0
    for _ in 0..<line {
      guard let end = bytes.newline(from: start) else { return nil }
      start = end + 1
    }
    guard start + column < bytes.count, bytes[start..<start + column].allSatisfy({ $0 < 0x80 })
    else { return nil }
    return bytes[start + column]
  }
}

extension BidirectionalCollection {
  /// The longest end whose elements all satisfy a condition.
  fileprivate func suffix(while predicate: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex {
      let before = index(before: start)
      guard predicate(self[before]) else { break }
      start = before
    }
    return self[start...]
  }
}
