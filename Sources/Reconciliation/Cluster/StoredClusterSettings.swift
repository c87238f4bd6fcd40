import KubeVirt
import Objects

extension ClusterSettings {
  /// The settings that stored objects say: a HyperConverged's, else a KubeVirt's. Of several the one with the
  /// operator's name counts, as for the controllers, else the first.
  ///
  /// - Parameter all: the objects of a kind, with their names.
  package static func stored(
    _ all: (GroupResource) -> [(name: String, object: ObjectNode)]
  ) -> ClusterSettings? {
    for (resource, name) in [
      (GroupResource.hyperConvergeds, HyperConvergedObject.name), (.kubeVirts, KubeVirtObject.name),
    ] {
      let objects = all(resource)
      guard
        let tree = (objects.first { $0.name == name } ?? objects.first)?.object
      else { continue }
      let document = ManifestDocument(object: tree)
      guard let settings = ClusterSettings(document, log: ProblemLog(object: document.object))
      else { continue }
      return settings
    }
    return nil
  }
}

extension VirtualMachineReconciler {
  /// What the API makes of an instance that a machine's controller creates: by the settings of that moment,
  /// so a default that has changed counts from a machine's next start.
  @Sendable
  package static func admitted(
    _ object: ObjectNode, in snapshot: any Snapshot
  ) -> Result<ObjectNode, InstanceRefusal> {
    let settings = ClusterSettings.stored {
      snapshot.objects(of: $0, namespace: nil).map { ($0.key.name, $0.object) }
    }
    let document = ManifestDocument(object: object)
    guard let machine = MachineObject(document, cluster: settings ?? ClusterSettings()) else {
      return .success(object)
    }
    let errors = machine.causes.filter { $0.severity == .error }
    guard errors.isEmpty else {
      return .failure(InstanceRefusal(errors.map(\.message).joined(separator: ", ")))
    }
    return .success(machine.stored)
  }
}
