import Objects

/// A VirtualMachine or VirtualMachineInstance on its way into a cluster, or the one that a pool or a
/// replica set holds.
///
/// There is one tree: what the API server drops is not in it, what an instance type and a preference
/// say and what KubeVirt's webhooks fill in is. Admission, ``Machine``, the conversion to a domain and
/// a lab's plan read that tree.
package struct MachineObject: Sendable {
  /// The object as it is written.
  package let document: ManifestDocument
  /// The kind of the machine's manifest.
  package let kind: Machine.Kind
  /// What holds the machine's manifest, when that is not the document itself.
  package let host: MachineHost?
  /// The settings of the cluster.
  package let cluster: ClusterSettings
  /// The machine as the validating webhook sees it: the object, or the part that its host holds.
  let admitted: ObjectNode
  /// What an API server's strict decoding says of unknown fields.
  let unknownFields: [Cause]
  /// What the check against the API's types says; then nothing else is looked at.
  let typeCauses: [Cause]
  /// What the instance type and the preference say, and which of them are missing.
  let sizing: MachineSizing
  /// What is said of the host alone.
  let hostCauses: [Cause]

  /// Who has had the object in hand before the webhooks.
  package enum Origin: Sendable {
    /// An API server, which has dropped what the API does not know.
    case apiServer
    /// Nobody.
    case client
  }

  /// Takes an object in; `nil` for another kind of object.
  ///
  /// - Parameters:
  ///   - instancetypes: the instance types and preferences that are there.
  ///   - origin: who hands it to the webhooks.
  package init?(
    _ document: ManifestDocument, cluster: ClusterSettings,
    instancetypes: Instancetypes = Instancetypes(), from origin: Origin = .apiServer
  ) {
    let host = MachineHost(document)
    guard
      let kind = host?.kind.machine
        ?? (Machine.accepts(document) ? Machine.Kind(rawValue: document.kind) : nil)
    else { return nil }
    self.document = document
    self.kind = kind
    self.host = host
    self.cluster = cluster
    let name = host?.kind.rawValue ?? kind.rawValue
    let decoded = DecodedObject(
      document.root, kind: name, specification: "\(name)Spec", from: origin)
    unknownFields = decoded.unknownFields
    typeCauses = decoded.typeCauses
    hostCauses = host?.causes(of: decoded.root) ?? []
    var root = host?.machine(in: decoded.root) ?? decoded.root
    let path = host?.specPath ?? kind.specPath
    let sizing = MachineSizing(
      root, kind: kind, namespace: document.namespace, path: path, instancetypes: instancetypes)
    let defaulting = Defaulting(cluster: cluster, path: path)
    Self.editInstance(of: &root, kind) { metadata, spec in
      sizing.fill(metadata: &metadata, spec: &spec)
      switch kind {
      case .virtualMachine: defaulting.fillTemplate(&spec)
      case .virtualMachineInstance: defaulting.fillInstance(&spec)
      }
    }
    self.sizing = sizing
    admitted = root
  }

  /// The path of the instance's spec in the document.
  package var specPath: String { host?.specPath ?? kind.specPath }

  /// The path of the machine's own spec in the document: that of a VirtualMachine, when it is one.
  var outerPath: String { host?.outerPath ?? "spec" }

  /// The object's identity.
  package var key: ObjectKey {
    ObjectKey(
      host?.kind.resource ?? kind.resource, namespace: document.namespace, name: document.name)
  }

  /// The object with the spec of the instance as the cluster has it when it makes the domain: for a
  /// VirtualMachine, what the instance's own webhook fills in is there too.
  package var instance: ObjectNode {
    guard kind == .virtualMachine else { return admitted }
    var root = admitted
    let defaulting = Defaulting(cluster: cluster, path: specPath)
    Self.editInstance(of: &root, kind) { _, spec in defaulting.fillInstance(&spec) }
    return root
  }

  /// Changes the metadata and the spec of the instance, the template's for a VirtualMachine.
  static func editInstance(
    of root: inout ObjectNode, _ kind: Machine.Kind,
    _ change: (_ metadata: inout ObjectNode, _ spec: inout ObjectNode) -> Void
  ) {
    guard var outer = root["spec"] else { return }
    var metadata = ObjectNode.mapping()
    switch kind {
    case .virtualMachineInstance: change(&metadata, &outer)
    case .virtualMachine:
      guard var template = outer["template"], template.isMapping else { return }
      metadata = template["metadata", default: .mapping()]
      var spec = template["spec", default: .mapping()]
      change(&metadata, &spec)
      if template["metadata"] != nil || !metadata.entries.isEmpty {
        template["metadata"] = metadata
      }
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
