import Objects

extension MachineObject {
  /// The instance of the machine as the API server has it: for a VirtualMachine, what its controller
  /// makes of the template.
  package var instanceObject: ObjectNode {
    let tree = instance
    guard kind == .virtualMachine else { return tree }
    let template = tree["spec", "template"] ?? .mapping()
    var metadata = template["metadata", default: .mapping()]
    metadata["name"] = .text(document.name)
    metadata["namespace"] = .text(document.namespace)
    return [
      "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "metadata": metadata,
      "spec": template["spec"] ?? .mapping(),
    ]
  }

  /// What the check against the API's types says, in KubeVirt's words alone.
  package var typeRefusals: [String] {
    typeCauses.filter { $0.severity == .error }.map { cause in
      let words = " is a forbidden property"
      guard let end = cause.message.firstRange(of: words)?.upperBound else { return cause.message }
      return String(cause.message[..<end])
    }
  }

  /// What the webhook's rules say, whatever the check of the types says.
  package var webhookRefusals: [Cause] {
    Admission(self).causes().filter { $0.severity == .error }
  }
}
