import Objects

/// A reason to refuse a machine, in KubeVirt's own words
/// (pkg/virt-api/webhooks/validating-webhook/admitters/vmi-create-admitter.go and neighbours).
package struct Cause: Hashable, Sendable {
  /// The field path as KubeVirt reports it, upstream's slips included; empty when it reports none.
  package var field: String
  /// The message, exactly KubeVirt's where it has one.
  package var message: String
  /// The path of the field to look at when it is not `field`.
  package var place: String
  /// Whether the machine is refused.
  package var severity: Problem.Severity

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
