import Objects

/// Drops what an API server drops before anything else: fields that the API does not know, and nulls
/// (apiextensions-apiserver, pkg/apiserver/schema/pruning and defaulting).
enum Pruning {
  /// A spec without them.
  ///
  /// - Parameter structure: the name of the spec's structure in ``APITypes``.
  static func pruned(_ spec: ObjectNode, as structure: String) -> ObjectNode {
    var spec = spec
    prune(&spec, .structure(structure))
    return spec
  }

  @discardableResult
  private static func prune(_ node: inout ObjectNode, _ type: APIType) -> Bool {
    switch type {
    case .structure(let name):
      guard node.isMapping, let structure = APITypes.structures[name] else { return false }
      return pruneEntries(&node) { structure.fields[$0]?.type }
    case .map(let value):
      guard node.isMapping else { return false }
      return pruneEntries(&node) { _ in value }
    case .list(let item):
      var isChanged = false
      node.editItems { _, node in
        let isItemChanged = prune(&node, item)
        isChanged = isChanged || isItemChanged
        return isItemChanged
      }
      return isChanged
    default: return false
    }
  }

  /// Prunes the values of the known keys of a mapping and drops the others.
  private static func pruneEntries(
    _ node: inout ObjectNode, _ type: (_ key: String) -> APIType?
  ) -> Bool {
    var isChanged = false
    let entries = node.entries.compactMap { entry -> ObjectNode.Entry? in
      guard let type = type(entry.key), !entry.value.isNull else {
        isChanged = true
        return nil
      }
      var entry = entry
      if prune(&entry.value, type) { isChanged = true }
      return entry
    }
    if isChanged { node.content = .mapping(entries) }
    return isChanged
  }
}
