import Objects

/// A VirtualMachine or VirtualMachineInstance on its way into a cluster.
///
/// There is one tree: what the API server drops is not in it, what KubeVirt's webhooks fill in is.
/// Admission, ``Machine``, the conversion to a domain and a lab's plan read that tree.
package struct MachineObject: Sendable {
  /// The object as it is written.
  package let document: ManifestDocument
  /// The kind of the manifest.
  package let kind: Machine.Kind
  /// The settings of the cluster.
  package let cluster: ClusterSettings
  /// The object as the validating webhook sees it.
  let admitted: ObjectNode
  /// What is said of unknown fields.
  let unknownFields: [Cause]
  /// What the check against the API's types says; then nothing else is looked at.
  let typeCauses: [Cause]

  /// Takes an object in; `nil` for another kind of object.
  package init?(_ document: ManifestDocument, cluster: ClusterSettings) {
    guard Machine.accepts(document), let kind = Machine.Kind(rawValue: document.kind) else {
      return nil
    }
    self.document = document
    self.kind = kind
    self.cluster = cluster
    let schema = SchemaCheck(document.root, kind: kind)
    unknownFields = schema.unknown
    typeCauses = schema.causes.isEmpty ? [schema.decodingCause].compactMap { $0 } : schema.causes
    var root = document.root
    if !schema.isPruned, let spec = root["spec"] {
      root["spec"] = Pruning.pruned(spec, as: "\(kind.rawValue)Spec")
    }
    let defaulting = Defaulting(cluster: cluster, path: kind.specPath)
    switch kind {
    case .virtualMachine: Self.editInstance(of: &root, kind, defaulting.fillTemplate)
    case .virtualMachineInstance: Self.editInstance(of: &root, kind, defaulting.fillInstance)
    }
    admitted = root
  }

  /// The object's identity.
  package var key: ObjectKey {
    ObjectKey(kind.resource, namespace: document.namespace, name: document.name)
  }

  /// The object with the spec of the instance as the cluster has it when it makes the domain: for a
  /// VirtualMachine, what the instance's own webhook fills in is there too.
  package var instance: ObjectNode {
    guard kind == .virtualMachine else { return admitted }
    var root = admitted
    let defaulting = Defaulting(cluster: cluster, path: kind.specPath)
    Self.editInstance(of: &root, kind, defaulting.fillInstance)
    return root
  }

  /// Changes the spec of the instance, the template's for a VirtualMachine.
  private static func editInstance(
    of root: inout ObjectNode, _ kind: Machine.Kind, _ change: (inout ObjectNode) -> Void
  ) {
    guard var outer = root["spec"] else { return }
    switch kind {
    case .virtualMachineInstance: change(&outer)
    case .virtualMachine:
      guard var template = outer["template"], template.isMapping else { return }
      var spec = template["spec", default: .mapping()]
      change(&spec)
      template["spec"] = spec
      outer["template"] = template
    }
    root["spec"] = outer
  }
}

extension Machine.Kind {
  /// The path of the instance's spec in its object.
  package var specPath: String {
    switch self {
    case .virtualMachine: "spec.template.spec"
    case .virtualMachineInstance: "spec"
    }
  }

  /// The kind's name in the API.
  package var resource: GroupResource {
    switch self {
    case .virtualMachine: .virtualMachines
    case .virtualMachineInstance: .virtualMachineInstances
    }
  }
}
