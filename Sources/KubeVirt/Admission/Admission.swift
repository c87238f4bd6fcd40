import Manifest

/// A reason to refuse a machine, in KubeVirt's own words
/// (pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go and neighbours).
public struct Cause: Hashable, Sendable {
  /// The field path as KubeVirt reports it, upstream's slips included; empty when it reports none.
  public var field: String
  /// The message, exactly KubeVirt's where it has one.
  public var message: String
  /// The path of the field to look at when it is not `field`.
  public var place: String
  /// Whether the machine is refused.
  public var severity: Problem.Severity

  init(
    _ field: String, _ message: String, place: String? = nil,
    severity: Problem.Severity = .error
  ) {
    self.field = field
    self.message = message
    self.place = place ?? field
    self.severity = severity
  }
}

extension Machine {
  /// What KubeVirt's webhooks say against this machine; empty when it is admitted.
  ///
  /// One family of rules per file of this folder; each is a pure function of the machine and the
  /// cluster's settings.
  public func causes(in cluster: ClusterSettings) -> [Cause] {
    if kind == .virtualMachine, !hasTemplate {
      return [Cause("spec.template", "spec.template in body is required", place: "spec")]
    }
    return runStrategyCauses(cluster) + bootOrderCauses() + networkCauses() + interfaceCauses()
      + dhcpOptionCauses() + firmwareCauses(cluster) + memoryCauses(cluster) + cpuCauses()
      + diskCauses() + volumeCauses(cluster) + machineTypeCauses(cluster)
  }

  /// Reports what KubeVirt says against this machine, each at its place in the file.
  public func admit(to cluster: ClusterSettings, document: ManifestDocument, log: ProblemLog) {
    for cause in causes(in: cluster) {
      log.report(
        cause.severity, at: document.location(of: cause.place), field: cause.field, cause.message)
    }
  }

  var domainPath: String { "\(specPath).domain" }
  func interfacePath(_ index: Int) -> String { "\(domainPath).devices.interfaces[\(index)]" }
  func diskPath(_ index: Int) -> String { "\(domainPath).devices.disks[\(index)]" }
}
