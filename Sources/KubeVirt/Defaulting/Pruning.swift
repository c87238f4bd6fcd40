import Objects

/// Drops what an API server drops before anything else: fields that the API does not know, and nulls
/// of fields that may not be null (apiextensions-apiserver, pkg/apiserver/schema/pruning and
/// defaulting, PruneNonNullableNullsWithoutDefaults). A null that is an item of a list stays.
enum Pruning {
  /// Whether an API server keeps fields of a structure that it does not know: those of metadata
  /// inside an object, and of a clock (x-kubernetes-preserve-unknown-fields in KubeVirt's
  /// CustomResourceDefinitions, validations_generated.go).
  static func keepsUnknown(_ structure: String) -> Bool {
    structure == "ObjectMeta" || structure == "Clock"
  }

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
      // Nothing is known of what is in metadata, so all of it stays.
      guard node.isMapping, name != "ObjectMeta", let structure = APITypes.structures[name] else {
        return false
      }
      return pruneEntries(&node) {
        structure.fields[$0]?.type ?? (keepsUnknown(name) ? .any : nil)
      }
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

  /// Whether null is a value of the type.
  private static func isNullable(_ type: APIType) -> Bool {
    switch type {
    case .structure(let name): name == "ObjectMeta"
    case .time(let nullable): nullable
    default: false
    }
  }

  /// Prunes the values of the known keys of a mapping and drops the others.
  private static func pruneEntries(
    _ node: inout ObjectNode, _ type: (_ key: String) -> APIType?
  ) -> Bool {
    var isChanged = false
    let entries = node.entries.compactMap { entry -> ObjectNode.Entry? in
      guard let type = type(entry.key), !entry.value.isNull || isNullable(type) else {
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
