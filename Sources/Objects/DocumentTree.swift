/// The nodes of one YAML document, a node before its children, in one array.
///
/// Compact because a document can be a List of thousands of objects: a node takes 32 bytes, and
/// the texts of all scalars stand one after another in one buffer.
final class DocumentTree: Sendable {
  /// A node: a collection, a scalar, or an alias of a node before it.
  struct Record {
    enum Kind: UInt8 {
      case mapping, sequence, scalar, alias
    }

    var kind: Kind
    /// A scalar that is written without quotes, so that `1` and `true` are not text.
    var isPlain = false
    /// The key `<<` whose mappings have been merged; no field.
    var isMerged = false
    /// Lines from the node to the line where its text begins: one for a block.
    var originLines: UInt8 = 0
    /// The column where the text begins, from 1; 0 when no such place is known.
    var originColumn: UInt32 = 0
    /// The line in the file, from 1.
    var line: UInt32
    /// The column, from 1, in Unicode scalars.
    var column: UInt32
    /// Where a scalar's text begins in `texts`; where a sequence's items begin in `items`; the node
    /// that an alias stands for.
    var start: UInt32 = 0
    /// The length of a scalar's text; the number of a sequence's items.
    var count: UInt32 = 0
    /// The index after the node and all inside it.
    var end: UInt32
  }

  let file: String
  let records: [Record]
  let texts: [UInt8]
  /// The items of all sequences, those of one together.
  let items: [UInt32]
  /// Where the pieces of few scalars' texts are, by their records.
  let places: [Int: [ObjectNode.Scalar.Place]]

  init(
    file: String, records: [Record], texts: [UInt8], items: [UInt32],
    places: [Int: [ObjectNode.Scalar.Place]] = [:]
  ) {
    self.places = places
    self.file = file
    self.records = records
    self.texts = texts
    self.items = items
  }

  /// The node itself for an alias of it.
  func resolve(_ index: Int) -> Int {
    let record = records[index]
    return record.kind == .alias ? Int(record.start) : index
  }

  func text(_ index: Int) -> String {
    let record = records[index]
    let start = Int(record.start)
    return String(decoding: texts[start..<start + Int(record.count)], as: UTF8.self)
  }

  func location(_ index: Int) -> SourceLocation {
    let record = records[index]
    return SourceLocation(file: file, line: Int(record.line), column: Int(record.column))
  }

  func scalar(_ index: Int) -> ObjectNode.Scalar {
    let record = records[index]
    var origin: SourceLocation?
    if record.originColumn > 0 {
      origin = SourceLocation(
        file: file, line: Int(record.line) + Int(record.originLines),
        column: Int(record.originColumn))
    }
    return ObjectNode.Scalar(
      text: text(index), isPlain: record.isPlain, origin: origin, places: places[index] ?? [])
  }

  /// The key of a mapping that has this name, its value being the next node; `nil` when none has.
  func key(_ name: String, of mapping: Int) -> Int? {
    var name = name
    return name.withUTF8 { wanted in
      texts.withUnsafeBytes { texts in
        let end = Int(records[mapping].end)
        var key = mapping + 1
        while key < end {
          let record = records[key]
          if Int(record.count) == wanted.count, !record.isMerged,
            texts[Int(record.start)..<Int(record.start) + wanted.count].elementsEqual(wanted)
          {
            return key
          }
          key = Int(records[key + 1].end)
        }
        return nil
      }
    }
  }

  /// The keys of a mapping in the order of the file, the value of each being the next node.
  func keys(of mapping: Int) -> [Int] {
    var keys: [Int] = []
    let end = Int(records[mapping].end)
    var key = mapping + 1
    while key < end {
      if !records[key].isMerged { keys.append(key) }
      key = Int(records[key + 1].end)
    }
    return keys
  }

  /// The items of a sequence in order.
  func items(of sequence: Int) -> ArraySlice<UInt32> {
    let start = Int(records[sequence].start)
    return items[start..<start + Int(records[sequence].count)]
  }

  /// About the bytes of a node as JSON, an alias as itself.
  func size(of node: Int) -> Int {
    records[node..<Int(records[node].end)].reduce(0) { size, record in
      // Quotes and a comma or colon, brackets and a comma.
      size + 3 + (record.kind == .scalar ? Int(record.count) : 0)
    }
  }
}
