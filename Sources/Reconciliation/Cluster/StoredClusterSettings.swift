import KubeVirt
import Objects

extension ClusterSettings {
  /// The settings that stored objects say: a HyperConverged's, else a KubeVirt's.
  ///
  /// - Parameter first: the first object of a kind.
  package static func stored(_ first: (GroupResource) -> ObjectNode?) -> ClusterSettings? {
    for resource in [GroupResource.hyperConvergeds, .kubeVirts] {
      guard let tree = first(resource) else { continue }
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
      snapshot.objects(of: $0, namespace: nil).first?.object
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
