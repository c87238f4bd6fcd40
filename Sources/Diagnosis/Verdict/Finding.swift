import Addresses

/// A cause of trouble, with what shows it and the way out.
package struct Finding: Codable, Hashable, Sendable {
  /// The rule's stable name: `PXL002`.
  package let id: String
  /// How much it matters.
  package let severity: Severity
  /// The client that it concerns.
  package let mac: MACAddress?
  /// One sentence that names the cause.
  package let title: String
  /// What shows it.
  package let evidence: [EvidenceItem]
  /// What to change, or what to look at next.
  package let fix: String
  /// The document, relative to the repository's root; `pxelab explain` prints it.
  package let document: String
  /// What else was found and follows from this cause; `nil` for nothing.
  package var consequences: [Finding]?

  /// How much a finding matters.
  package enum Severity: String, Codable, Hashable, Sendable, CaseIterable {
    /// The boot is not as promised because of it.
    case error
    /// It may be, or it makes the verdict uncertain.
    case warning
    /// Worth knowing.
    case info
  }

  private enum CodingKeys: CodingKey {
    case id, severity, mac, title, evidence, fix, document, consequences
  }

  /// A finding.
  package init(
    _ id: String, _ severity: Severity = .error, mac: MACAddress?, title: String,
    evidence: [EvidenceItem], fix: String
  ) {
    self.id = id
    self.severity = severity
    self.mac = mac
    self.title = title
    self.evidence = evidence
    self.fix = fix
    document = "docs/findings/\(id).md"
  }
}

extension Finding {
  /// Encodes every key but the consequences of a finding that has none; without a value as null.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(id, forKey: .id)
    try container.encode(severity, forKey: .severity)
    try container.encode(mac, forKey: .mac)
    try container.encode(title, forKey: .title)
    try container.encode(evidence, forKey: .evidence)
    try container.encode(fix, forKey: .fix)
    try container.encode(document, forKey: .document)
    try container.encodeIfPresent(consequences, forKey: .consequences)
  }

  /// The same, of no consequence for the verdict.
  var asInformation: Finding {
    var finding = with(.info)
    finding.consequences = consequences?.map(\.asInformation)
    return finding
  }

  /// The same with another severity.
  func with(_ severity: Severity) -> Finding {
    var finding = Finding(id, severity, mac: mac, title: title, evidence: evidence, fix: fix)
    finding.consequences = consequences
    return finding
  }
}

extension Finding.Severity: Comparable {
  private var rank: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }

  /// What matters less is less.
  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
