import Objects

/// Makes the launcher pod of a VirtualMachineInstance, hands the instance over to the pod's node and
/// cleans up after it (KubeVirt, pkg/virt-controller/watch/vmi/lifecycle.go).
///
/// Who writes what:
///
/// | field of the instance | whose |
/// |---|---|
/// | `status.phase` up to Scheduled, Failed without a pod; `phaseTransitionTimestamps` | this controller |
/// | `status.phase` Running, and Succeeded or Failed from Scheduled on; its timestamps | the node's agent |
/// | `status.nodeName`, label `kubevirt.io/nodeName`, `activePods`, `qosClass` | this controller |
/// | conditions Ready, PodScheduled | this controller |
/// | conditions Paused, AgentConnected, Synchronized and all others; `interfaces`, `volumeStatus`, `machine`, `memory`, `guestOSInfo` | the node's agent |
/// | finalizer `foregroundDeleteVirtualMachine` | this controller |
///
/// | field of the launcher pod | whose |
/// |---|---|
/// | the pod, and its deletion with the instance | this controller |
/// | finalizer `pxelab.dev/launcher` | ``LauncherPodReconciler`` |
/// | `spec.nodeName`, condition PodScheduled | a scheduler |
/// | `status.phase` Running, then Succeeded or Failed; `containerStatuses`, condition Ready | the node's agent |
///
/// When pod or instance are to go, the agent stops the domain, and writes the instance's phase and
/// the pod's. Then, and at once for a pod without a node, the pod is let go, and after it the instance.
package struct VirtualMachineInstanceReconciler: Reconciler {
  /// The name of the controller; its events come from KubeVirt's.
  package let name = "virtualmachineinstance-controller"

  /// A controller.
  package init() {}

  /// An instance's own key, that of a launcher pod's, and that of a machine's.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .virtualMachineInstances: return [key]
    case .virtualMachines:
      return [ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: key.name)]
    case .pods:
      guard let owner = object.controller, owner.kind == "VirtualMachineInstance" else { return [] }
      return [ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: owner.name)]
    default: return []
    }
  }

  /// The next step of an instance.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let instance = snapshot.object(key) else { return Outcome() }
    var pass = VirtualMachineInstancePass(
      key: key, instance: instance, snapshot: snapshot, moment: moment)
    pass.run()
    return pass.outcome
  }
}
