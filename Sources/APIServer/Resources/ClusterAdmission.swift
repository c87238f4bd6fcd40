import KubeVirt
import Objects

extension ResourceDefinition {
  /// What a lab does with a HyperConverged: there are feature gates to patch, as the CRD's defaults have
  /// them on a cluster, and gates that a cluster does not know are said.
  static let clusterAdmission: Admission = { request async throws(StatusError) in
    var object = request.object
    if object["apiVersion"]?.string?.hasSuffix("/v1beta1") == true,
      object["spec", "featureGates"] == nil
    {
      object["spec", "featureGates"] = .mapping()
    }
    let gates = object["spec", "featureGates"]?.canonical
    guard gates != request.previous?["spec", "featureGates"]?.canonical,
      let document = ManifestDocument(unwritten: object)
    else { return AdmittedObject(object) }
    let log = ProblemLog(object: document.object)
    _ = ClusterSettings(document, log: log)
    let problems = log.problems.filter { $0.field.hasPrefix("spec.featureGates") }
    return AdmittedObject(object, warnings: problems.map { "\($0.field): \($0.message)" })
  }
}
