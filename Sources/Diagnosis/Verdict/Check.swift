/// One thing that a witness was asked.
package struct Check: Codable, Hashable, Sendable {
  /// What was asked.
  package let name: String
  /// What should be so.
  package let expected: String
  /// What is so; `nil` when nothing was seen.
  package let seen: String?
  /// Whether the two agree; `nil` when what was seen does not allow a judgement.
  package let holds: Bool?

  /// A check with its outcome.
  package init(_ name: String, expected: String, seen: String?, holds: Bool?) {
    self.name = name
    self.expected = expected
    self.seen = seen
    self.holds = holds
  }
}

/// What one of the three witnesses says of a boot.
package struct Witness<Seen: Codable & Hashable & Sendable>: Codable, Hashable, Sendable {
  /// Whether the witness was there and every check holds.
  package let holds: Bool
  /// Why there is no witness; `nil` when there is one.
  package let missing: String?
  /// What it was asked.
  package let checks: [Check]
  /// All that it said; `nil` when it is missing.
  package let seen: Seen?

  init(_ seen: Seen, checks: [Check]) {
    holds = checks.allSatisfy { $0.holds == true }
    missing = nil
    self.checks = checks
    self.seen = seen
  }

  init(missing: String) {
    holds = false
    self.missing = missing
    checks = []
    seen = nil
  }

  /// The checks that do not hold, those without a judgement included.
  package var failed: [Check] { checks.filter { $0.holds != true } }
}

extension String {
  /// Why a witness cannot be asked about a machine of which nothing is promised.
  static let noExpectation = "nothing is known of what the machine should do"
}
