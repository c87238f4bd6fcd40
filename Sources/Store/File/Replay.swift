import Objects

/// Builds the table, and the changes that watches may ask for, out of a file's payloads.
struct Replay {
  /// A payload that is whole and yet does not fit.
  enum Failure: Error, Equatable {
    case damaged(String)
    case otherVersion(Int)
  }

  private(set) var table = ObjectTable()
  private(set) var ring: ChangeRing
  /// Objects of the snapshot that are still to come; `nil` before the head.
  private var awaited: Int?
  private var snapshotRevision = 0

  init(limits: StoreLimits) {
    ring = ChangeRing(after: 0, limits: limits)
    self.limits = limits
  }

  private let limits: StoreLimits

  /// Whether the snapshot is complete. A file that ends before was not written by this program,
  /// which gives a file its name when the snapshot is on the disk.
  var isComplete: Bool { awaited == 0 }

  /// Whether no change has come yet.
  var isSnapshot: Bool { table.revision == snapshotRevision }

  mutating func take(_ payload: [UInt8]) throws(Failure) {
    let tree: ObjectNode
    do { tree = try ObjectNode(json: payload) } catch {
      throw .damaged("a record is no JSON: \(error)")
    }
    guard let awaited else { return try begin(tree) }
    if let objects = tree["objects"], objects.isSequence {
      let objects = objects.items
      guard objects.count <= awaited else { throw .damaged("more objects than the file has") }
      for object in objects { try add(object) }
      self.awaited = awaited - objects.count
    } else if let changes = tree["changes"], changes.isSequence, awaited == 0 {
      for change in changes.items { try carryOut(change) }
    } else {
      throw .damaged("a record that does not belong here")
    }
  }

  private mutating func begin(_ head: ObjectNode) throws(Failure) {
    guard head["format"]?.string == LogRecord.format, let version = head["version"]?.integer else {
      throw .damaged("the file does not begin as a store's")
    }
    guard version == LogRecord.version else { throw .otherVersion(version) }
    guard let revision = head["revision"]?.integer, revision >= 0,
      let objects = head["objects"]?.integer, objects >= 0
    else { throw .damaged("the first record has no revision") }
    table = ObjectTable(revision: revision)
    ring = ChangeRing(after: revision, limits: limits)
    awaited = objects
    snapshotRevision = revision
  }

  private mutating func add(_ record: ObjectNode) throws(Failure) {
    guard let key = LogRecord.key(record["key"]), let tree = record["object"] else {
      throw .damaged("an object without its key")
    }
    guard table[key] == nil else { throw .damaged("\(key.resource) \(key) is there twice") }
    table.insert(key, StoredObject(tree, size: tree.canonicalJSON.count))
  }

  private mutating func carryOut(_ record: ObjectNode) throws(Failure) {
    guard let key = LogRecord.key(record["key"]) else { throw .damaged("a change without its key") }
    guard record["revision"]?.integer == table.revision + 1 else {
      throw .damaged("the change after \(table.revision) is missing")
    }
    let previous = table[key]
    var tree: ObjectNode
    if let object = record["object"] {
      tree = object
    } else {
      guard let previous else {
        throw .damaged("\(key.resource) \(key) is removed and was not there")
      }
      tree = previous.tree
      tree["metadata", "resourceVersion"] = .text(String(table.revision + 1))
    }
    if let previous { tree = tree.sharing(with: previous.tree) }
    let change = Change(
      revision: table.revision + 1, key: key,
      object: StoredObject(tree, size: tree.canonicalJSON.count),
      previous: previous, isRemoval: record["object"] == nil)
    table.apply(change)
    ring.append(change)
  }
}
