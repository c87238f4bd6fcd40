import Objects

/// The parts of a custom resource that a write leaves as they were: what is wrong with them was wrong
/// before, and the writer need not mend it (apiextensions-apiserver, CRDValidationRatcheting). A write of
/// metadata alone changes none.
struct UnchangedParts {
  private var same: Set<String> = []
  private var changed: Set<String> = []

  /// Compares two states of an object.
  ///
  /// - Parameter schema: as the definition has it; it says by which keys items of lists belong together.
  init(from old: ObjectNode, to new: ObjectNode, _ schema: ObjectNode) {
    var (old, new) = (old.canonical, new.canonical)
    for field in ["apiVersion", "kind", "metadata"] {
      old[field] = nil
      new[field] = nil
    }
    compare(old, new, schema, at: "")
  }

  /// The causes that are about what has changed.
  func causes(outside causes: [StatusError.Cause]) -> [StatusError.Cause] {
    guard !same.contains("") else { return [] }
    let left = causes.filter { cause in
      let places = Self.places(above: cause.field)
      return places.allSatisfy { !same.contains($0) } || places.contains(where: changed.contains)
    }
    // What is said of rules is said beside another cause.
    return left.allSatisfy { $0.field == "<nil>" && $0.message.contains("validation rules") }
      ? [] : left
  }

  private mutating func compare(
    _ old: ObjectNode?, _ new: ObjectNode, _ schema: ObjectNode?, at path: String
  ) {
    guard let old, old != new else {
      if old == nil { changed.insert(path) } else { same.insert(path) }
      return
    }
    if old.isMapping, new.isMapping {
      for entry in new.entries {
        let child = schema?["properties", entry.key] ?? schema?["additionalProperties"]
        compare(
          old[entry.key], entry.value, child,
          at: path.isEmpty ? entry.key : "\(path).\(entry.key)")
      }
    } else if old.isSequence, new.isSequence,
      schema?["x-kubernetes-list-type"]?.string == "map"
    {
      let keys = (schema?["x-kubernetes-list-map-keys"]?.items ?? []).compactMap(\.string)
      for (index, item) in new.items.enumerated() {
        let before = old.items.first { other in keys.allSatisfy { other[$0] == item[$0] } }
        compare(before, item, schema?["items"], at: "\(path)[\(index)]")
      }
    } else {
      changed.insert(path)
    }
  }

  /// A field and those that it is in: `a.b[0].c`, `a.b[0]`, `a.b`, `a`.
  private static func places(above field: String) -> [String] {
    [field]
      + field.indices.filter { field[$0] == "." || field[$0] == "[" }.map {
        String(field[..<$0])
      }
  }
}
