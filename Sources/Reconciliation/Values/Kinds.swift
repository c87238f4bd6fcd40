import Objects

extension GroupResource {
  /// `Pod`.
  static let pods = GroupResource("pods")
  /// `Node`.
  static let nodes = GroupResource("nodes")
  /// `Namespace`.
  static let namespaces = GroupResource("namespaces")
  /// `PriorityClass`.
  static let priorityClasses = GroupResource("priorityclasses", group: "scheduling.k8s.io")
  /// `Event` of the core group.
  static let events = GroupResource("events")
  /// `Lease`.
  static let leases = GroupResource("leases", group: "coordination.k8s.io")
  /// `ControllerRevision`.
  static let controllerRevisions = GroupResource("controllerrevisions", group: "apps")
  /// `HyperConverged`.
  static let hyperConvergeds = GroupResource("hyperconvergeds", group: "hco.kubevirt.io")
  /// `KubeVirt`.
  static let kubeVirts = GroupResource("kubevirts", group: "kubevirt.io")
  /// `HostFacts`: what a lab's launch found out.
  static let hostFacts = GroupResource("hostfacts", group: "pxelab.dev")
  /// `Lab`.
  static let labs = GroupResource("labs", group: "pxelab.dev")
  /// `Part`: a program that a lab depends on.
  static let parts = GroupResource("parts", group: "pxelab.dev")
  /// `Operation`: something that a node does once.
  static let operations = GroupResource("operations", group: "pxelab.dev")
}

/// Names that KubeVirt gives to its marks (staging/src/kubevirt.io/api/core/v1/types.go), and ours.
package enum Mark {
  /// The finalizer of an instance: held until its launcher pods are gone.
  package static let instanceFinalizer = "foregroundDeleteVirtualMachine"
  /// The same as newer versions of KubeVirt write it.
  static let qualifiedInstanceFinalizer = "kubevirt.io/foregroundDeleteVirtualMachine"
  /// The finalizer of a machine, and of its instance until the machine has seen its end.
  package static let machineFinalizer = "kubevirt.io/virtualMachineControllerFinalize"
  /// The finalizer of a launcher pod: held until nothing of it runs on its node. In a cluster the
  /// API server keeps pods for that, and the kubelet lets them go.
  package static let podFinalizer = "pxelab.dev/launcher"
  /// The generation of the machine that an instance was made of: an annotation.
  static let generation = "kubevirt.io/vm-generation"
  /// What an instance boots from, this once: an annotation of the instance.
  package static let bootOnce = "pxelab.dev/boot-once"
  /// The node of an instance: a label.
  static let nodeName = "kubevirt.io/nodeName"
}
