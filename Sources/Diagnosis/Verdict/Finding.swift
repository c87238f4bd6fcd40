import Addresses

/// A cause of trouble, with what shows it and the way out.
public struct Finding: Codable, Hashable, Sendable {
  /// The rule's stable name: `PXL002`.
  public let id: String
  /// How much it matters.
  public let severity: Severity
  /// The client that it concerns.
  public let mac: MACAddress?
  /// One sentence that names the cause.
  public let title: String
  /// What shows it.
  public let evidence: [String]
  /// What to change, or what to look at next.
  public let fix: String

  /// How much a finding matters.
  public enum Severity: String, Codable, Hashable, Sendable {
    /// The boot is not as promised because of it.
    case error
    /// It may be, or it makes the verdict uncertain.
    case warning
    /// Worth knowing.
    case info
  }

  /// A finding.
  public init(
    _ id: String, _ severity: Severity = .error, mac: MACAddress?, title: String,
    evidence: [String], fix: String
  ) {
    self.id = id
    self.severity = severity
    self.mac = mac
    self.title = title
    self.evidence = evidence
    self.fix = fix
  }
}
