import Kinds
import NetworkAttachment
import Objects

/// The objects of a folder of manifests, as they are sent to a lab and as a plan takes them.
package struct ManifestObjects: Sendable {
  /// The lab's name.
  package let lab: String
  /// The objects, in the order in which they are made: what others refer to first.
  package private(set) var all: [(key: ObjectKey, object: ObjectNode)] = []

  /// The objects of files.
  ///
  /// - Parameters:
  ///   - lab: the lab's name, by which its own object goes.
  ///   - cniPlugins: the release of the CNI plugins, instead of lab.yaml's.
  package init(
    _ files: [ManifestFolder.File], lab: String, cniPlugins: CNIPluginsVersion? = nil,
    resources: APIResources = .builtIn
  ) {
    self.lab = lab
    var labObject: ObjectNode = [
      "apiVersion": "pxelab.dev/v1alpha1", "kind": "Lab", "metadata": ["name": .text(lab)],
      "spec": [:],
    ]
    var objects: [(key: ObjectKey, object: ObjectNode)] = []
    for document in files.flatMap({ ManifestFile(path: $0.path, text: $0.text).documents }) {
      if document.kind == "Lab", ["", "pxelab.dev"].contains(document.group) {
        if let spec = document.root["spec"] { labObject["spec"] = spec.canonical }
        continue
      }
      guard let key = resources.key(of: document.root) else { continue }
      var object = document.root.canonical
      if !key.namespace.isEmpty { object["metadata", "namespace"] = .text(key.namespace) }
      if key.resource == .nodes { Self.makeNew(&object) }
      objects.append((key, object))
    }
    if let cniPlugins { labObject["spec", "cniPlugins"] = .text("\(cniPlugins)") }
    objects.append((ObjectKey(.labs, namespace: "", name: lab), labObject))
    // Applied one after the other, as kubectl does, the last of several leaves its own fields alone.
    var seen: Set<ObjectKey> = []
    objects = objects.reversed().filter { seen.insert($0.key).inserted }.reversed()
    let present = seen
    for namespace in Set(objects.map(\.key.namespace)).sorted()
    where !["", "default", "pxelab"].contains(namespace) {
      let key = ObjectKey(GroupResource("namespaces"), namespace: "", name: namespace)
      guard !present.contains(key) else { continue }
      objects.append(
        (key, ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .text(namespace)]]))
    }
    all = objects.sorted { Self.rank($0.key) < Self.rank($1.key) }
  }

  /// Makes a Node, which may be printed of a cluster, one that is made: of its status it keeps what it has. A
  /// condition of another's must not make this one ready before its agent does.
  private static func makeNew(_ node: inout ObjectNode) {
    node["metadata", "resourceVersion"] = nil
    guard let status = node["status"] else { return }
    node["status"] = nil
    for field in ["capacity", "allocatable"] {
      if let amounts = status[field] { node["status", field] = amounts }
    }
  }

  /// Gives an object that is there what a manifest says, and leaves what others have written.
  ///
  /// - Returns: whether that changes anything.
  package static func apply(_ manifest: ObjectNode, to object: inout ObjectNode) -> Bool {
    var isNew = false
    for entry in manifest.entries where !["metadata", "status"].contains(entry.key) {
      if object[entry.key]?.canonical != entry.value.canonical {
        object[entry.key] = entry.value.canonical
        isNew = true
      }
    }
    for name in ["labels", "annotations"] {
      guard let values = manifest["metadata", name] else { continue }
      for entry in values.entries where object["metadata", name, entry.key] != entry.value {
        object["metadata", name, entry.key] = entry.value.canonical
        isNew = true
      }
    }
    return isNew
  }

  private static func rank(_ key: ObjectKey) -> Int {
    switch key.resource {
    case GroupResource("namespaces"): 0
    case .labs: 1
    case .virtualMachineInstances, .virtualMachines: 3
    default: 2
    }
  }

  /// What is another than in manifests that were applied before.
  package func difference(from former: ManifestObjects) -> ObjectDifference {
    let before = Dictionary(former.all.map { ($0.key, $0.object) }) { first, _ in first }
    let after = Set(all.map(\.key))
    var difference = ObjectDifference()
    for (key, object) in all {
      guard let old = before[key] else {
        difference.added.append((key, object))
        continue
      }
      if old.canonical != object.canonical { difference.changed.append((key, old, object)) }
    }
    difference.removed = former.all.map(\.key).filter { !after.contains($0) }
    return difference
  }
}

/// What applying manifests changes in a lab.
package struct ObjectDifference: Sendable {
  /// Objects that are made.
  package var added: [(key: ObjectKey, object: ObjectNode)] = []
  /// Objects that are changed, as they were and as they shall be.
  package var changed: [(key: ObjectKey, before: ObjectNode, after: ObjectNode)] = []
  /// Objects that are removed.
  package var removed: [ObjectKey] = []

  /// Whether it is all of a lab that has nothing yet.
  package private(set) var isWhole = false

  /// No difference.
  package init() {}

  /// All objects of a lab that has nothing yet.
  package init(all objects: ManifestObjects) {
    added = objects.all
    isWhole = true
  }

  /// Whether there is nothing to do.
  package var isEmpty: Bool { added.isEmpty && changed.isEmpty && removed.isEmpty }

  /// Instances that start anew by it: of new machines, and those that are written, which cannot be changed.
  /// A VirtualMachine that is changed takes it at its next start.
  package var startedInstances: Set<ObjectKey> {
    let changed = changed.map(\.key).filter { $0.resource == .virtualMachineInstances }
    let machines = (added.map(\.key) + changed).filter {
      [.virtualMachines, .virtualMachineInstances].contains($0.resource)
    }
    return Set(
      machines.map {
        ObjectKey(.virtualMachineInstances, namespace: $0.namespace, name: $0.name)
      })
  }

  /// One line for each object: `+ virtualmachine.kubevirt.io default/node-2`, with the fields that
  /// change.
  package var lines: [String] {
    removed.map { "- \(Self.name($0))" } + added.map { "+ \(Self.name($0.key))" }
      + changed.flatMap { key, before, after in
        ["~ \(Self.name(key))" + Self.note(on: key)]
          + Self.fields(before, after).map { "    \($0)" }
      }
  }

  private static func name(_ key: ObjectKey) -> String { "\(key.resource) \(key)" }

  private static func note(on key: ObjectKey) -> String {
    switch key.resource {
    case .virtualMachineInstances: " (is made anew: an instance cannot be changed)"
    case .virtualMachines: " (taken at its next start)"
    default: ""
    }
  }

  /// The paths of the values that differ, with both.
  private static func fields(_ before: ObjectNode, _ after: ObjectNode, at path: String = "")
    -> [String]
  {
    guard before.canonical != after.canonical else { return [] }
    if before.isMapping, after.isMapping {
      let keys = Set(before.entries.map(\.key)).union(after.entries.map(\.key)).sorted()
      return keys.flatMap { key -> [String] in
        let path = path.isEmpty ? key : "\(path).\(key)"
        return fields(before[key] ?? .null, after[key] ?? .null, at: path)
      }
    }
    if before.isSequence, after.isSequence, before.items.count == after.items.count {
      return zip(before.items, after.items).enumerated().flatMap { index, pair in
        fields(pair.0, pair.1, at: "\(path)[\(index)]")
      }
    }
    let (old, new) = (text(before), text(after))
    let start = max(0, zip(old, new).prefix { $0 == $1 }.count - 20)
    return ["\(path): \(excerpt(of: old, from: start)) -> \(excerpt(of: new, from: start))"]
  }

  /// A text that is short whole, else what of it fits from a little before the first difference.
  private static func excerpt(of text: String, from start: Int) -> String {
    guard text.count > 80 else { return text }
    let rest = text.dropFirst(start)
    return (start > 0 ? "..." : "") + (rest.count > 74 ? "\(rest.prefix(74))..." : "\(rest)")
  }

  private static func text(_ node: ObjectNode) -> String {
    if node.isNull { return "(none)" }
    return String(decoding: node.canonicalJSON, as: UTF8.self)
  }
}
