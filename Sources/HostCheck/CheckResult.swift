/// What one check found.
package struct CheckResult: Codable, Hashable, Sendable {
  /// How well the machine does.
  package enum Status: String, Codable, Hashable, Sendable {
    /// As it should be.
    case ok
    /// A lab comes up, with less than the best.
    case warning
    /// A lab does not come up without this.
    case missing
  }

  /// What was checked.
  package var name: String
  /// How well the machine does.
  package var status: Status
  /// What was found.
  package var detail: String
  /// What to do about it; `nil` when nothing need be done.
  package var remedy: String?

  /// A result.
  package init(_ name: String, _ status: Status, _ detail: String, remedy: String? = nil) {
    self.name = name
    self.status = status
    self.detail = detail
    self.remedy = remedy
  }
}
