/// What one check found.
public struct CheckResult: Codable, Hashable, Sendable {
  /// How well the machine does.
  public enum Status: String, Codable, Hashable, Sendable {
    /// As it should be.
    case ok
    /// A lab comes up, with less than the best.
    case warning
    /// A lab does not come up without this.
    case missing
  }

  /// What was checked.
  public var name: String
  /// How well the machine does.
  public var status: Status
  /// What was found.
  public var detail: String
  /// What to do about it; `nil` when nothing need be done.
  public var remedy: String?

  /// A result.
  public init(_ name: String, _ status: Status, _ detail: String, remedy: String? = nil) {
    self.name = name
    self.status = status
    self.detail = detail
    self.remedy = remedy
  }
}
