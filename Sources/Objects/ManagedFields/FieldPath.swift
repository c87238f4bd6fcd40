/// A path to a field of an object, as `managedFields` has it (apimachinery, meta/v1, FieldsV1;
/// structured-merge-diff, fieldpath).
package struct FieldPath: Hashable, Sendable, CustomStringConvertible {
  /// A step of a path.
  package enum Step: Hashable, Sendable {
    /// A field of a mapping: `f:spec`.
    case field(String)
    /// The item of a list whose key fields have these values, as JSON: `k:{"name":"a"}`.
    case key(String)
    /// An item of a list of plain values, as JSON: `v:"a"`.
    case value(String)

    /// The step as a key of `fieldsV1`.
    var text: String {
      switch self {
      case .field(let name): "f:\(name)"
      case .key(let key): "k:\(key)"
      case .value(let value): "v:\(value)"
      }
    }

    init?(_ text: String) {
      let rest = String(text.dropFirst(2))
      switch text.prefix(2) {
      case "f:": self = .field(rest)
      case "k:": self = .key(rest)
      case "v:": self = .value(rest)
      default: return nil
      }
    }
  }

  /// The steps from the object's root.
  package var steps: [Step]

  /// A path.
  package init(_ steps: [Step] = []) {
    self.steps = steps
  }

  func appending(_ step: Step) -> FieldPath { FieldPath(steps + [step]) }

  /// As a person reads it in a conflict: `.spec.containers[name="a"].image`.
  package var description: String {
    steps.map { step in
      switch step {
      case .field(let name): return ".\(name)"
      case .value(let value): return "[=\(value)]"
      case .key(let key):
        let fields = (try? ObjectNode(json: Array(key.utf8)))?.entries ?? []
        let words = fields.map {
          "\($0.key)=\(String(decoding: $0.value.canonicalJSON, as: UTF8.self))"
        }
        return "[\(words.joined(separator: ","))]"
      }
    }.joined()
  }
}

extension Set<FieldPath> {
  /// The paths of a `fieldsV1`.
  package init(fieldsV1 tree: ObjectNode) {
    self.init()
    add(tree, at: FieldPath())
  }

  private mutating func add(_ tree: ObjectNode, at path: FieldPath) {
    let entries = tree.entries
    if entries.isEmpty, !path.steps.isEmpty { insert(path) }
    for entry in entries {
      if entry.key == "." {
        insert(path)
      } else if let step = FieldPath.Step(entry.key) {
        add(entry.value, at: path.appending(step))
      }
    }
  }

  /// The paths as a `fieldsV1`.
  package var fieldsV1: ObjectNode {
    let root = Branch()
    for path in self { root.insert(path.steps[...]) }
    return root.tree
  }

  private final class Branch {
    var children: [FieldPath.Step: Branch] = [:]
    var isMember = false

    func insert(_ steps: ArraySlice<FieldPath.Step>) {
      guard let first = steps.first else {
        isMember = true
        return
      }
      let child = children[first] ?? Branch()
      children[first] = child
      child.insert(steps.dropFirst())
    }

    var tree: ObjectNode {
      var tree: ObjectNode = [:]
      guard !children.isEmpty else { return tree }
      if isMember { tree["."] = [:] }
      for (step, child) in children { tree[step.text] = child.tree }
      return tree
    }
  }
}
