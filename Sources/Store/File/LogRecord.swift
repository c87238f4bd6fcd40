import Objects

/// What the payloads of a write-ahead file say.
///
///     {"format":"pxelab store","objects":M,"revision":N,"version":1}     the first
///     {"objects":[{"key":K,"object":O},...]}                             M objects, then
///     {"changes":[{"key":K,"object":O,"revision":R},...]}                all of one commit
///
/// K is [group, resource, namespace, name]; the namespace is empty for an object of the whole
/// cluster. A change without an object is a removal.
enum LogRecord {
  static let format = "pxelab store"
  static let version = 1

  static func head(of table: ObjectTable) -> [UInt8] {
    let head: ObjectNode = [
      "format": .text(format), "version": .integer(version),
      "revision": .integer(table.revision), "objects": .integer(table.count),
    ]
    return head.canonicalJSON
  }

  static func write(_ change: Change, _ json: [UInt8], to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "{\"key\":".utf8)
    tree(of: change.key).writeCanonicalJSON(to: &bytes)
    if !change.isRemoval {
      bytes.append(contentsOf: ",\"object\":".utf8)
      bytes.append(contentsOf: json)
    }
    bytes.append(contentsOf: ",\"revision\":\(change.revision)}".utf8)
  }

  static func write(_ key: ObjectKey, _ object: StoredObject, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: "{\"key\":".utf8)
    tree(of: key).writeCanonicalJSON(to: &bytes)
    bytes.append(contentsOf: ",\"object\":".utf8)
    object.tree.writeCanonicalJSON(to: &bytes)
    bytes.append(UInt8(ascii: "}"))
  }

  /// A payload around records that are written one after another with commas between them.
  static func payload(_ name: String, _ records: [UInt8]) -> [UInt8] {
    Array("{\"\(name)\":[".utf8) + records + Array("]}".utf8)
  }

  static func tree(of key: ObjectKey) -> ObjectNode {
    [
      .text(key.resource.group), .text(key.resource.resource),
      .text(key.namespace), .text(key.name),
    ]
  }

  static func key(_ tree: ObjectNode?) -> ObjectKey? {
    guard let parts = tree?.items, parts.count == 4, let group = parts[0].string,
      let resource = parts[1].string, let namespace = parts[2].string, let name = parts[3].string
    else { return nil }
    return ObjectKey(GroupResource(resource, group: group), namespace: namespace, name: name)
  }
}
