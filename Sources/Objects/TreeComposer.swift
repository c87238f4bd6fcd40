import CYaml

/// Makes trees of a stretch of YAML, in one pass over libyaml's events.
///
/// It counts places from the start of the file, resolves aliases, merges `<<`, and refuses what
/// Kubernetes' strict decoding refuses: a key that stands twice, and aliases that make a small file
/// into an endless tree.
struct TreeComposer {
  /// Collections inside one another that are read; manifests need about ten, the YAML library of
  /// Kubernetes takes 10000.
  static let depthLimit = 100

  /// Anchors of a document that are kept.
  static let anchorLimit = 100_000

  private struct Frame {
    var record: Int
    var isMapping: Bool
    /// In a mapping, the index of the key whose value comes next; `nil` before a key.
    var key: Int?
    var merges: [Int] = []
    var anchor: String?
    /// The nodes read before it, aliases counted as what they stand for.
    var nodesBefore: Int
  }

  private struct Anchor {
    var record: Int
    /// The nodes in it, aliases counted as what they stand for.
    var nodes: Int
  }

  let file: String
  /// Lines of the file before the stretch.
  let lineOffset: Int
  private let bytes: UnsafeBufferPointer<UInt8>
  private var parser: EventParser

  private var records: [DocumentTree.Record] = []
  private var texts: [UInt8] = []
  private var items: [UInt32] = []
  private var places: [Int: [ObjectNode.Scalar.Place]] = [:]
  private var frames: [Frame] = []
  /// `nil` as long as an anchor's node is not complete.
  private var anchors: [String: Anchor?] = [:]
  private var nodes = 0
  private let nodeLimit: Int
  private var lines: LineCursor

  /// - Parameter lineOffset: lines of the file before these bytes.
  init(file: String, lineOffset: Int, bytes: UnsafeBufferPointer<UInt8>) {
    self.file = file
    self.lineOffset = lineOffset
    self.bytes = bytes
    parser = EventParser(bytes)
    nodeLimit = 100_000 + bytes.count
    lines = LineCursor(bytes)
  }

  /// The root of the next document; `nil` at the end.
  ///
  /// - Throws: the first thing wrong with the YAML, after which nothing more can be read.
  mutating func next() throws(Problem) -> ObjectNode? {
    records = []
    texts = []
    items = []
    places = [:]
    anchors = [:]
    nodes = 0
    while true {
      guard parser.next() else { throw problem(of: parser) }
      switch parser.type {
      case YAML_STREAM_END_EVENT, YAML_NO_EVENT: return nil
      case YAML_DOCUMENT_END_EVENT:
        return ObjectNode(
          DocumentTree(
            file: file, records: records, texts: texts, items: items, places: places), at: 0)
      case YAML_SCALAR_EVENT: try scalar()
      case YAML_ALIAS_EVENT: try alias()
      case YAML_MAPPING_START_EVENT: try begin(.mapping, anchor: parser.collectionAnchor)
      case YAML_SEQUENCE_START_EVENT: try begin(.sequence, anchor: parser.collectionAnchor)
      case YAML_MAPPING_END_EVENT, YAML_SEQUENCE_END_EVENT: try end()
      default: break
      }
    }
  }

  // MARK: Nodes

  private mutating func append(_ kind: DocumentTree.Record.Kind) throws(Problem) -> Int {
    let index = records.count
    nodes += 1
    guard nodes <= nodeLimit else { throw excessive() }
    let mark = parser.start
    records.append(
      DocumentTree.Record(
        kind: kind, line: UInt32(clamping: lineOffset + mark.line + 1),
        column: UInt32(clamping: mark.column + 1), end: UInt32(clamping: index + 1)))
    return index
  }

  private mutating func scalar() throws(Problem) {
    let index = try append(.scalar)
    let scalar = parser.scalar
    records[index].start = UInt32(clamping: texts.count)
    records[index].count = UInt32(clamping: scalar.text.count)
    texts.append(contentsOf: scalar.text)
    records[index].isPlain = try isPlain(scalar, at: index)
    if scalar.tag == nil, scalar.anchor == nil { placeText(of: scalar, at: index) }
    if let anchor = scalar.anchor {
      try declare(anchor)
      anchors[anchor] = Anchor(record: index, nodes: 1)
    }
    try attach(index)
  }

  private mutating func alias() throws(Problem) {
    let name = parser.alias
    guard let found = anchors[name] else {
      throw problem("YAML: found undefined alias \(name.prefix(64).debugDescription)")
    }
    guard let anchor = found else {
      throw problem("YAML: anchor \(name.prefix(64).debugDescription) value contains itself")
    }
    let index = try append(.alias)
    records[index].start = UInt32(clamping: anchor.record)
    nodes += anchor.nodes - 1
    guard nodes <= nodeLimit else { throw excessive() }
    let target = records[anchor.record]
    if isKeyNext, target.kind == .scalar {
      records[index].kind = .scalar
      records[index].start = target.start
      records[index].count = target.count
    }
    try attach(index)
  }

  private mutating func begin(
    _ kind: DocumentTree.Record.Kind, anchor: String?
  ) throws(Problem) {
    guard frames.count < Self.depthLimit else {
      throw problem("YAML: more than \(Self.depthLimit) levels of nesting")
    }
    let index = try append(kind)
    if let anchor {
      try declare(anchor)
      anchors[anchor] = .some(nil)
    }
    frames.append(
      Frame(
        record: index, isMapping: kind == .mapping, anchor: anchor, nodesBefore: nodes - 1))
  }

  private func declare(_ anchor: String) throws(Problem) {
    guard anchors.count < Self.anchorLimit || anchors[anchor] != nil else {
      throw problem("YAML: more than \(Self.anchorLimit) anchors")
    }
  }

  private mutating func end() throws(Problem) {
    guard let frame = frames.popLast() else { return }
    if frame.isMapping {
      records[frame.record].end = UInt32(clamping: records.count)
      try checkKeys(of: frame.record)
      if !frame.merges.isEmpty { try merge(frame) }
    } else {
      listItems(of: frame.record)
    }
    records[frame.record].end = UInt32(clamping: records.count)
    if let anchor = frame.anchor {
      anchors[anchor] = Anchor(record: frame.record, nodes: nodes - frame.nodesBefore)
    }
    try attach(frame.record)
  }

  private mutating func listItems(of sequence: Int) {
    records[sequence].start = UInt32(clamping: items.count)
    var item = sequence + 1
    while item < records.count {
      items.append(UInt32(clamping: item))
      item = Int(records[item].end)
    }
    records[sequence].count = UInt32(clamping: items.count) - records[sequence].start
  }

  private var isKeyNext: Bool {
    guard let frame = frames.last else { return false }
    return frame.isMapping && frame.key == nil
  }

  /// Gives a complete node its part in the collection around it.
  private mutating func attach(_ index: Int) throws(Problem) {
    guard let last = frames.indices.last, frames[last].isMapping else { return }
    if let key = frames[last].key {
      if records[key].isMerged { frames[last].merges.append(index) }
      frames[last].key = nil
      return
    }
    guard records[index].kind == .scalar else {
      throw problem("a key must be a text, not a structure", at: index)
    }
    let record = records[index]
    let start = Int(record.start)
    records[index].isMerged =
      record.isPlain && texts[start..<start + Int(record.count)].elementsEqual("<<".utf8)
    frames[last].key = index
  }

  private mutating func isPlain(
    _ scalar: EventParser.Scalar, at index: Int
  ) throws(Problem) -> Bool {
    switch scalar.tag {
    case nil: return scalar.style == YAML_PLAIN_SCALAR_STYLE
    case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
      "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge":
      return true
    case "tag:yaml.org,2002:binary":
      throw problem("YAML: !!binary is not read here; write the text itself", at: index)
    default: return false
    }
  }

  /// Notes where the text of a scalar begins, if each of its lines is a line of the file.
  private mutating func placeText(of scalar: EventParser.Scalar, at index: Int) {
    switch scalar.style {
    case YAML_LITERAL_SCALAR_STYLE:
      if let indent = lines.indent(after: parser.start.line) {
        records[index].originLines = 1
        records[index].originColumn = UInt32(clamping: indent + 1)
      }
    case YAML_FOLDED_SCALAR_STYLE: placePieces(of: scalar, .folded, at: index)
    default:
      let style: ScalarPlaces.Style =
        switch scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .single
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .double
        default: .plain
        }
      let isOneLine = parser.start.line == parser.endLine
      // Escapes, or doubled quotes, make the text shorter than what is between the quotes.
      let hasEscapes =
        style != .plain
        && parser.endColumn - parser.start.column - 2 != scalar.text.count { $0 & 0xc0 != 0x80 }
      if !isOneLine || hasEscapes { placePieces(of: scalar, style, at: index) }
      guard isOneLine, places[index] == nil else { return }
      let quote: UInt32 = scalar.style == YAML_PLAIN_SCALAR_STYLE ? 0 : 1
      records[index].originColumn = records[index].column + quote
    }
  }

  /// Notes where each piece of a JSON object's text is; only such a text is looked into.
  private mutating func placePieces(
    of scalar: EventParser.Scalar, _ style: ScalarPlaces.Style, at index: Int
  ) {
    guard scalar.text.first(where: { $0 != 0x20 && $0 != 0x0a }) == UInt8(ascii: "{") else {
      return
    }
    let mark = parser.start
    guard var start = lines.start(of: mark.line) else { return }
    var line = lineOffset + mark.line + 1
    var column = 1
    if style == .folded {
      guard let newline = bytes.newline(from: start) else { return }
      start = newline + 1
      line += 1
    } else {
      let skipped = mark.column + (style == .plain ? 0 : 1)
      for _ in 0..<skipped {
        start += 1
        while start < bytes.count, bytes[start] & 0xc0 == 0x80 { start += 1 }
      }
      column += skipped
    }
    var finder = ScalarPlaces(
      of: scalar.text, style, in: bytes, from: start, file: file, line: line, column: column)
    places[index] = finder.find()
  }

  // MARK: Mappings

  private mutating func checkKeys(of mapping: Int) throws(Problem) {
    var keys: [Int] = []
    var key = mapping + 1
    while key < records.count {
      keys.append(key)
      key = Int(records[key + 1].end)
    }
    if let second = KeyComparison(records: records, texts: texts).duplicate(among: keys) {
      let start = Int(records[second].start)
      let text = String(
        decoding: texts[start..<start + Int(records[second].count)], as: UTF8.self)
      throw problem(
        "YAML: key \(text.prefix(64).debugDescription) already set in map", at: second)
    }
  }

  /// Adds the fields of the mappings behind `<<` that the mapping does not have itself; of two
  /// mappings the first one's (YAML 1.1, tag:yaml.org,2002:merge).
  private mutating func merge(_ frame: Frame) throws(Problem) {
    var seen: Set<[UInt8]> = []
    func text(_ key: Int) -> [UInt8] {
      let start = Int(records[key].start)
      return Array(texts[start..<start + Int(records[key].count)])
    }
    func keys(of mapping: Int, end: Int) -> [Int] {
      var keys: [Int] = []
      var key = mapping + 1
      while key < end {
        if !records[key].isMerged { keys.append(key) }
        key = Int(records[key + 1].end)
      }
      return keys
    }
    func resolve(_ index: Int) -> Int {
      records[index].kind == .alias ? Int(records[index].start) : index
    }
    for key in keys(of: frame.record, end: records.count) { seen.insert(text(key)) }
    for merged in frame.merges {
      var sources = [resolve(merged)]
      if records[sources[0]].kind == .sequence {
        let start = Int(records[sources[0]].start)
        sources = items[start..<start + Int(records[sources[0]].count)].map { resolve(Int($0)) }
      }
      for source in sources {
        guard records[source].kind == .mapping else {
          throw problem("YAML: map merge requires map or sequence of maps as the value", at: merged)
        }
        for key in keys(of: source, end: Int(records[source].end)) {
          guard seen.insert(text(key)).inserted else { continue }
          nodes += 2
          guard nodes <= nodeLimit else { throw excessive() }
          var copy = records[key]
          copy.end = UInt32(clamping: records.count + 1)
          var value = records[key + 1]
          if value.kind != .alias {
            value.kind = .alias
            value.start = UInt32(clamping: key + 1)
          }
          value.end = UInt32(clamping: records.count + 2)
          records += [copy, value]
        }
      }
    }
  }

  // MARK: Problems

  private func problem(_ message: String, at index: Int? = nil) -> Problem {
    var line = lineOffset + parser.start.line + 1
    var column = parser.start.column + 1
    if let index {
      line = Int(records[index].line)
      column = Int(records[index].column)
    }
    return Problem(
      location: SourceLocation(file: file, line: line, column: column), message: message)
  }

  private func excessive() -> Problem { problem("document contains excessive aliasing") }

  private func problem(of parser: EventParser) -> Problem {
    parser.problem(file: file, lineOffset: lineOffset, bytes: bytes)
  }
}
