/// The fields of an object that somebody may have set, each with its value: plain values, lists that are
/// replaced as a whole, and the items of lists that have keys.
struct FieldLeaves: Sendable {
  /// Whether lists of core objects are taken apart by their keys; of custom resources nothing is known.
  let isCustom: Bool

  /// The fields that the server sets.
  private static let own: Set<String> = [
    "creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generateName",
    "generation", "managedFields", "name", "namespace", "resourceVersion", "selfLink", "uid",
  ]

  /// The fields of an object.
  ///
  /// - Parameter part: `status` or everything else; `nil` for all.
  func leaves(of object: ObjectNode, part: Part?) -> [FieldPath: ObjectNode] {
    var leaves: [FieldPath: ObjectNode] = [:]
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
    return leaves
  }

  /// What of an object a write is about.
  enum Part {
    case object
    case status
  }

  private func collect(
    _ value: ObjectNode, at path: FieldPath, _ parent: String,
    _ leaves: inout [FieldPath: ObjectNode]
  ) {
    let field: String =
      if case .field(let name)? = path.steps.last { name } else { parent }
    if value.isMapping, !value.entries.isEmpty {
      for entry in value.entries {
        collect(entry.value, at: path.appending(.field(entry.key)), field, &leaves)
      }
    } else if value.isSequence, field == "finalizers" {
      for item in value.items {
        leaves[path.appending(.value(String(decoding: item.canonicalJSON, as: UTF8.self)))] = item
      }
    } else if value.isSequence, let key = Self.key(field, parent, isCustom) {
      for item in value.items {
        guard let name = item[key] else { continue }
        let keyed: ObjectNode = [key: name]
        let step = FieldPath.Step.key(String(decoding: keyed.canonicalJSON, as: UTF8.self))
        // The item itself, so that it goes when nobody wants it any longer.
        leaves[path.appending(step)] = [:]
        for entry in item.entries {
          collect(
            entry.value, at: path.appending(step).appending(.field(entry.key)), field, &leaves)
        }
      }
    } else {
      leaves[path] = value
    }
  }

  /// The field that tells a list's items apart.
  static func key(_ field: String, _ parent: String, _ isCustom: Bool) -> String? {
    if parent == "metadata" { return field == "ownerReferences" ? "uid" : nil }
    return isCustom ? nil : StrategicMergePatch.mergeKey(of: field, in: parent)
  }
}
