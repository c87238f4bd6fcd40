import Objects

/// An object that holds a machine's manifest and has a cluster make machines of it.
package struct MachineHost: Hashable, Sendable {
  /// The kinds of such objects.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// Virtual machines of one template.
    case pool = "VirtualMachinePool"
    /// Instances of one template.
    case replicaSet = "VirtualMachineInstanceReplicaSet"
  }

  /// The kind of the object.
  package var kind: Kind
  /// How many machines it asks for; 1 when it does not say.
  package var replicas: Int

  /// Reads a document; `nil` for another kind of object.
  init?(_ document: ManifestDocument) {
    guard let kind = Kind(rawValue: document.kind), ["", kind.group].contains(document.group) else {
      return nil
    }
    self.kind = kind
    replicas = document.root["spec", "replicas"]?.wholeNumber ?? 1
  }

  /// The path of the machine's own spec: that of a VirtualMachine, when it is one.
  var outerPath: String { "spec.\(kind.template).spec" }

  /// The path of the instance's spec.
  var specPath: String {
    switch kind {
    case .pool: "\(outerPath).template.spec"
    case .replicaSet: outerPath
    }
  }

  /// The machine that the object holds: its metadata and spec.
  func machine(in root: ObjectNode) -> ObjectNode {
    let template = root["spec", kind.template]
    var fields: [(key: String, value: ObjectNode)] = []
    for key in ["metadata", "spec"] {
      if let value = template?[key] { fields.append((key, value)) }
    }
    var machine = ObjectNode.mapping()
    machine.set(fields)
    return machine
  }

  /// What the webhook says of the object itself (pkg/virt-api/webhooks/validating-webhook/admitters,
  /// vmpool-admitter.go and vmirs-admitter.go).
  func causes(of root: ObjectNode) -> [Cause] {
    let spec = root["spec"]
    let labels = spec?[kind.template]?["metadata"]?["labels"]
    if let selector = spec?["selector"], !selector.selects(labels) {
      return [Cause("spec.selector", "selector does not match labels.")]
    }
    return []
  }
}

extension MachineHost.Kind {
  /// The API group.
  package var group: String {
    switch self {
    case .pool: "pool.kubevirt.io"
    case .replicaSet: "kubevirt.io"
    }
  }

  /// The versions that a cluster serves.
  package var servedVersions: [String] {
    switch self {
    case .pool: ["pool.kubevirt.io/v1beta1", "pool.kubevirt.io/v1alpha1"]
    case .replicaSet: Machine.servedVersions
    }
  }

  /// The kind's name in the API.
  package var resource: GroupResource {
    switch self {
    case .pool: GroupResource("virtualmachinepools", group: group)
    case .replicaSet: GroupResource("virtualmachineinstancereplicasets", group: group)
    }
  }

  /// What it makes.
  var machine: Machine.Kind {
    switch self {
    case .pool: .virtualMachine
    case .replicaSet: .virtualMachineInstance
    }
  }

  /// The field that holds the machine's metadata and spec.
  var template: String {
    switch self {
    case .pool: "virtualMachineTemplate"
    case .replicaSet: "template"
    }
  }
}

extension ObjectNode {
  /// Whether a label selector chooses labels (apimachinery, LabelSelectorAsSelector): none without a
  /// selector, all with an empty one.
  func selects(_ labels: ObjectNode?) -> Bool {
    func label(_ key: String) -> String? { labels?[key]?.scalar?.text }
    let matches = self["matchLabels"]?.entries.allSatisfy { entry in
      label(entry.key) == entry.value.scalar?.text
    }
    let meets = self["matchExpressions"]?.items.allSatisfy { expression in
      let value = label(expression["key"]?.scalar?.text ?? "")
      let isListed =
        expression["values"]?.items.contains { $0.scalar?.text == value && value != nil } ?? false
      switch expression["operator"]?.scalar?.text {
      case "In": return isListed
      case "NotIn": return !isListed
      case "Exists": return value != nil
      case "DoesNotExist": return value == nil
      default: return true
      }
    }
    return matches ?? true && meets ?? true
  }
}
