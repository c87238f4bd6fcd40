import KubeVirt
import Objects

/// Makes and deletes the instance of a VirtualMachine as its run strategy and people have it, and
/// says in its status how it is (KubeVirt, pkg/virt-controller/watch/vm/vm.go).
///
/// It owns all of the machine's status but `stateChangeRequests`, to which the subresources start,
/// stop and restart add. It adds one finalizer to the machine and one to the instance; the instance
/// keeps that until its end is in the machine's status.
package struct VirtualMachineReconciler: Reconciler {
  /// The name of the controller, in events too.
  package let name = "virtualmachine-controller"

  /// What the API makes of an instance that is created, by all objects: defaults are filled in, or it is
  /// refused.
  package typealias Admission =
    @Sendable (ObjectNode, any Snapshot) -> Result<ObjectNode, InstanceRefusal>

  private let admit: Admission

  /// A controller.
  package init(admit: @escaping Admission = { instance, _ in .success(instance) }) {
    self.admit = admit
  }

  /// A machine's own key, the one whose instance has changed, and those whose instance type or preference
  /// has.
  package func keys(
    concernedBy key: ObjectKey, _ object: ObjectNode, in snapshot: any Snapshot
  ) -> [ObjectKey] {
    switch key.resource {
    case .virtualMachines: [key]
    case .virtualMachineInstances:
      [ObjectKey(.virtualMachines, namespace: key.namespace, name: key.name)]
    case _ where Instancetypes.resources.contains(key.resource):
      // Of the cluster's kinds the namespace is empty, and each may be named from all.
      snapshot.objects(
        of: .virtualMachines, namespace: key.namespace.isEmpty ? nil : key.namespace
      ).filter { InstanceSizing.names(key.resource, key.name, in: $0.object) }.map(\.key)
    default: []
    }
  }

  /// The next step of a machine.
  package func reconcile(
    _ key: ObjectKey, in snapshot: any Snapshot, at moment: Moment
  ) -> Outcome {
    guard let machine = snapshot.object(key) else { return Outcome() }
    var pass = VirtualMachinePass(
      key: key, machine: machine, snapshot: snapshot, now: moment.now, source: name)
    pass.run(admit)
    return pass.outcome
  }
}

/// Why the API does not take an instance.
package struct InstanceRefusal: Error, Sendable, Equatable {
  /// The API's sentence.
  package var message: String

  /// A refusal.
  package init(_ message: String) { self.message = message }
}
