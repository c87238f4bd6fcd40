/// The fields of an object that somebody may have set, each with its value: plain values, lists that are
/// replaced as a whole, and the items of lists that have keys.
struct FieldLeaves: Sendable {
  /// Whether lists of core objects are taken apart by their keys; of custom resources nothing is known.
  let isCustom: Bool

  /// The fields that the server sets.
  private static let own: Set<String> = [
    "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation",
    "managedFields", "name", "namespace", "resourceVersion", "selfLink", "uid",
  ]

  /// The fields of an object.
  ///
  /// - Parameter part: `status` or everything else; `nil` for all.
  func leaves(of object: ObjectNode, part: Part?) -> [FieldPath: ObjectNode] {
    fields(of: object, part: part, hasGroups: false)
  }

  /// The same and the mappings and lists that hold them, which belong to who has made them.
  func groups(of object: ObjectNode, part: Part?) -> [FieldPath: ObjectNode] {
    fields(of: object, part: part, hasGroups: true)
  }

  private func fields(
    of object: ObjectNode, part: Part?, hasGroups: Bool
  ) -> [FieldPath: ObjectNode] {
    var leaves = Found(hasGroups: hasGroups)
    for entry in object.entries {
      let path = FieldPath([.field(entry.key)])
      switch entry.key {
      case "apiVersion", "kind": continue
      case "metadata":
        guard part != .status else { continue }
        for field in entry.value.entries where !Self.own.contains(field.key) {
          collect(field.value, at: path.appending(.field(field.key)), "metadata", &leaves)
        }
      case "status" where part == .object: continue
      default:
        guard part != .status || entry.key == "status" else { continue }
        collect(entry.value, at: path, "", &leaves)
      }
    }
    return leaves.all
  }

  /// What was found.
  private struct Found {
    let hasGroups: Bool
    var all: [FieldPath: ObjectNode] = [:]
  }

  /// What of an object a write is about.
  enum Part {
    case object
    case status
  }

  private func collect(
    _ value: ObjectNode, at path: FieldPath, _ parent: String,
    _ leaves: inout Found
  ) {
    let field: String =
      if case .field(let name)? = path.steps.last { name } else { parent }
    if value.isMapping, !value.entries.isEmpty, !isWhole(field, parent) {
      if leaves.hasGroups, !isThereFromTheStart(path) { leaves.all[path] = [:] }
      for entry in value.entries {
        collect(entry.value, at: path.appending(.field(entry.key)), field, &leaves)
      }
    } else if value.isSequence, field == "finalizers" {
      if leaves.hasGroups { leaves.all[path] = .sequence([]) }
      for item in value.items {
        leaves.all[path.appending(.value(String(decoding: item.canonicalJSON, as: UTF8.self)))] =
          item
      }
    } else if value.isSequence, !value.items.isEmpty,
      let keys = Self.keys(field, parent, isCustom)
    {
      if leaves.hasGroups, !isThereFromTheStart(path) { leaves.all[path] = .sequence([]) }
      for item in value.items {
        let keyed = item.named(by: keys)
        guard !keyed.entries.isEmpty else { continue }
        let step = FieldPath.Step.key(String(decoding: keyed.canonicalJSON, as: UTF8.self))
        // The item itself, so that it goes when nobody wants it any longer.
        leaves.all[path.appending(step)] = [:]
        for entry in item.entries {
          collect(
            entry.value, at: path.appending(step).appending(.field(entry.key)), field, &leaves)
        }
      }
    } else if !leaves.hasGroups || !value.isMapping || !isThereFromTheStart(path) {
      leaves.all[path] = value
    }
  }

  /// Mappings that are one value (`structType=atomic` and `mapType=atomic` in k8s.io/api).
  private static let whole: Set<String> = [
    "claimRef", "configMapKeyRef", "fieldRef", "involvedObject", "labelSelector",
    "namespaceSelector", "nodeSelector", "preference", "regarding", "related",
    "resourceFieldRef", "scopeSelector", "secretKeyRef", "selector",
  ]

  private func isWhole(_ field: String, _ parent: String) -> Bool {
    guard !isCustom else { return false }
    return Self.whole.contains(field)
      || parent == "nodeAffinity" && field == "requiredDuringSchedulingIgnoredDuringExecution"
  }

  /// Whether an empty object has it: in Go these are no pointers.
  private func isThereFromTheStart(_ path: FieldPath) -> Bool {
    guard !isCustom else { return path.steps == [.field("metadata")] }
    return path.steps.count == 1
      ? [.field("metadata"), .field("spec"), .field("status")].contains(path.steps[0])
        || path.steps[0] == .field("source")
      : path.steps.last == .field("containers")
  }

  /// The fields that tell a list's items apart.
  static func keys(_ field: String, _ parent: String, _ isCustom: Bool) -> [String]? {
    if parent == "metadata" { return field == "ownerReferences" ? ["uid"] : nil }
    guard !isCustom, let key = StrategicMergePatch.mergeKey(of: field, in: parent) else {
      return nil
    }
    switch (key, field) {
    case (_, "ports"): return [key, "protocol"]
    case (_, "topologySpreadConstraints"): return [key, "whenUnsatisfiable"]
    default: return [key]
    }
  }
}

extension ObjectNode {
  /// The fields of an item that tell it apart, as far as it has them.
  func named(by keys: [String]) -> ObjectNode {
    ObjectNode(
      .mapping(keys.compactMap { key in self[key].map { Entry(key: key, value: $0) } }))
  }
}
