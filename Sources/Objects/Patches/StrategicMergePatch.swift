/// A patch of a core object, which knows the lists whose items have a key (apimachinery,
/// pkg/util/strategicpatch; the keys are the tags `patchMergeKey` of k8s.io/api/core/v1).
package struct StrategicMergePatch: Sendable {
  /// A patch that does not fit.
  package struct Failure: Error, Equatable, CustomStringConvertible {
    /// What is wrong.
    package let description: String
  }

  private let patch: ObjectNode

  /// A patch.
  package init(_ patch: ObjectNode) {
    self.patch = patch
  }

  /// The object with the patch applied; what only tells how to merge is not in it.
  ///
  /// - Throws: ``Failure``.
  package func apply(to tree: ObjectNode) throws(Failure) -> ObjectNode {
    try Self.merge(patch, into: tree, parent: "")
  }

  /// The field that tells the items of a list apart; `nil` of a list that is replaced.
  ///
  /// - Parameter parent: the field that holds the mapping with the list.
  package static func mergeKey(of field: String, in parent: String) -> String? {
    switch (parent, field) {
    case ("containers", "ports"), ("initContainers", "ports"): "containerPort"
    case ("spec", "ports"): "port"
    default: mergeKeys[field]
    }
  }

  private static let mergeKeys = [
    "addresses": "type", "conditions": "type", "containers": "name", "env": "name",
    "ephemeralContainers": "name", "hostAliases": "ip", "imagePullSecrets": "name",
    "initContainers": "name", "ownerReferences": "uid", "podIPs": "ip", "secrets": "name",
    "topologySpreadConstraints": "topologyKey", "volumeDevices": "devicePath",
    "volumeMounts": "mountPath", "volumes": "name",
  ]

  /// Lists of plain values that are united.
  private static let unitedLists: Set<String> = ["finalizers"]

  private static func merge(
    _ patch: ObjectNode, into tree: ObjectNode, parent: String
  ) throws(Failure) -> ObjectNode {
    guard patch.isMapping else { return patch }
    switch patch["$patch"]?.string {
    case nil, "merge": break
    case "replace":
      var whole = patch
      whole["$patch"] = nil
      return whole
    case "delete": return [:]
    case let other?:
      throw Failure(description: "Unknown patch type \(other.debugDescription) found")
    }
    var merged = tree.isMapping ? tree : [:]
    if let kept = patch["$retainKeys"] {
      let names = Set(kept.items.compactMap(\.string))
      for entry in merged.entries where !names.contains(entry.key) { merged[entry.key] = nil }
    }
    for entry in patch.entries {
      if let name = entry.key.droppingPrefix("$deleteFromPrimitiveList/") {
        let gone = entry.value.items
        merged[name] = merged[name].map { .sequence($0.items.filter { !gone.contains($0) }) }
      }
      guard !entry.key.hasPrefix("$") else { continue }
      guard !entry.value.isNull else {
        merged[entry.key] = nil
        continue
      }
      merged[entry.key] = try value(
        entry.value, over: merged[entry.key], field: entry.key, parent: parent,
        order: patch["$setElementOrder/\(entry.key)"])
    }
    return merged
  }

  private static func value(
    _ patch: ObjectNode, over present: ObjectNode?, field: String, parent: String,
    order: ObjectNode?
  ) throws(Failure) -> ObjectNode {
    guard patch.isSequence else {
      return patch.isMapping ? try merge(patch, into: present ?? [:], parent: field) : patch
    }
    if unitedLists.contains(field) {
      let items = present?.items ?? []
      return .sequence(items + patch.items.filter { !items.contains($0) })
    }
    guard let key = mergeKey(of: field, in: parent) else { return patch }
    return try list(patch.items, into: present?.items ?? [], key, field: field, order: order)
  }

  private static func list(
    _ patches: [ObjectNode], into present: [ObjectNode], _ key: String, field: String,
    order: ObjectNode?
  ) throws(Failure) -> ObjectNode {
    if patches.contains(where: { $0["$patch"]?.string == "replace" && $0[key] == nil }) {
      return .sequence(patches.filter { $0["$patch"] == nil })
    }
    var items = present
    for patch in patches {
      guard let name = patch[key] else {
        throw Failure(
          description: "map: \(String(decoding: patch.canonicalJSON, as: UTF8.self)) does not "
            + "contain declared merge key: \(key)")
      }
      let index = items.firstIndex { $0[key] == name }
      if patch["$patch"]?.string == "delete" {
        if let index { items.remove(at: index) }
      } else if let index {
        items[index] = try merge(patch, into: items[index], parent: field)
      } else {
        items.append(try merge(patch, into: [:], parent: field))
      }
    }
    guard let order else { return .sequence(items) }
    // What the client orders comes in its order, the rest where it was, behind.
    let names = order.items.compactMap { $0[key] }
    let ordered = names.compactMap { name in items.first { $0[key] == name } }
    let rest = items.filter { item in !names.contains { $0 == item[key] } }
    return .sequence(ordered + rest)
  }
}

extension String {
  fileprivate func droppingPrefix(_ prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
