import Objects

/// The instance that a machine makes (KubeVirt, SetupVMIFromVM).
enum InstanceTemplate {
  static func instance(
    of machine: ObjectNode, request: StateChangeRequest?, at now: Timestamp
  ) -> ObjectNode {
    var instance: ObjectNode = ["apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance"]
    var metadata = ObjectNode.mapping()
    for field in ["labels", "annotations"] {
      metadata[field] = machine["spec", "template", "metadata"]?[field]
    }
    metadata["name"] = .text(machine.name)
    metadata["namespace"] = machine["metadata", "namespace"]
    metadata["ownerReferences"] = [machine.controllerReference]
    metadata["finalizers"] = [.text(Mark.machineFinalizer), .text(Mark.instanceFinalizer)]
    instance["metadata"] = metadata
    instance["metadata", "annotations", Mark.generation] = .text(String(machine.generation))
    if let target = request?.bootOnce {
      instance["metadata", "annotations", Mark.bootOnce] = .text(target)
    }
    instance["spec"] = machine["spec", "template", "spec"] ?? .mapping()
    if request?.startsPaused == true { instance["spec", "startStrategy"] = "Paused" }
    instance.setPhase(.pending, at: now)
    instance["status", "virtualMachineRevisionName"] = .text(MachineRevision.name(of: machine))
    return instance
  }
}
