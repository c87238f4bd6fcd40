import Objects

extension MachineObject {
  /// The paths of fields that the API does not know, list indices in brackets.
  package var unknownFieldPaths: [String] { unknownFields.map(\.field) }

  /// The object as it is written, without what the API does not know: before any webhook.
  package var decoded: ObjectNode {
    var root = document.root
    if let spec = root["spec"] {
      root["spec"] = Pruning.pruned(spec, as: "\(kind.rawValue)Spec")
    }
    return Self.known(root)
  }

  /// The object as a cluster stores it: an instance with its defaults; a VirtualMachine with the
  /// machine type and the architecture alone, because its template's other defaults are filled in
  /// where it is judged, and in each instance (pkg/virt-api/webhooks/mutating-webhook/mutators,
  /// v1.9).
  package var stored: ObjectNode {
    guard kind == .virtualMachine else { return Self.known(admitted) }
    var root = decoded
    Self.editInstance(of: &root, kind) { _, spec in
      guard var domain = spec["domain"], domain.isMapping else { return }
      let defaulting = Defaulting(cluster: cluster, path: kind.specPath)
      defaulting.fill("architecture", "amd64", in: &spec)
      let architecture = spec["architecture"]?.text ?? ""
      var machine = domain["machine", default: .mapping()]
      let type = ObjectNode.text(Defaulting.machineType(for: architecture))
      if defaulting.fill("type", type, in: &machine) {
        domain["machine"] = machine
        spec["domain"] = domain
      }
    }
    return root
  }

  /// The fields that an object has at its top.
  private static func known(_ root: ObjectNode) -> ObjectNode {
    let known: Set<String> = ["apiVersion", "kind", "metadata", "spec", "status"]
    return ObjectNode(.mapping(root.entries.filter { known.contains($0.key) }))
  }
}
