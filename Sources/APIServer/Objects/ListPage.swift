import FoundationEssentials
import Objects
import Store

/// The part of a list that a client asks for with `limit` and `continue` (apiserver, pkg/storage/continue.go).
/// What comes after it is as it is then, and the version of the list stays that of its first part: a watch
/// after it misses nothing.
struct ListPage: Sendable {
  let items: [(key: ObjectKey, object: StoredObject)]
  let revision: Int
  /// By which the next part is asked for; `nil` of the last one.
  let token: String?
  /// How many objects follow.
  let remaining: Int

  /// Takes a part.
  ///
  /// - Throws: ``StatusError`` for a token that this server has not made.
  init(of list: Store.List, _ query: RequestQuery) throws(StatusError) {
    var items = list.items[...]
    var revision = list.resourceVersion
    if let text = query["continue"] {
      guard let place = Place(text) else {
        throw .badRequest("continue key is not valid: \(text.debugDescription)")
      }
      revision = place.revision
      items = items.drop { ($0.key.namespace, $0.key.name) <= (place.namespace, place.name) }
    }
    let limit = try query.number("limit") ?? 0
    let page = limit > 0 ? items.prefix(limit) : items
    self.items = Array(page)
    self.revision = revision
    remaining = items.count - page.count
    token = remaining > 0 ? page.last.map { Place(after: $0.key, revision).text } : nil
  }

  /// As the list's metadata have it.
  func metadata(countsRest: Bool) -> ObjectNode {
    var tree: ObjectNode = ["resourceVersion": .text(String(revision))]
    guard let token else { return tree }
    tree["continue"] = .text(token)
    if countsRest { tree["remainingItemCount"] = .integer(remaining) }
    return tree
  }

  /// The last object of a part.
  private struct Place {
    let revision: Int
    let namespace: String
    let name: String

    init(after key: ObjectKey, _ revision: Int) {
      self.revision = revision
      namespace = key.namespace
      name = key.name
    }

    init?(_ token: String) {
      guard let data = Data(base64Encoded: token),
        let text = String(validating: data, as: UTF8.self)
      else { return nil }
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, let revision = Int(parts[0]), revision >= 0 else { return nil }
      self.revision = revision
      namespace = String(parts[1])
      name = String(parts[2])
    }

    var text: String { Data("\(revision)/\(namespace)/\(name)".utf8).base64EncodedString() }
  }
}
