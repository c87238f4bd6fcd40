/// Collects the problems of one object while it is decoded.
public final class ProblemLog {
  /// The object as `kind/name`.
  public let object: String
  /// The problems in the order in which they were found.
  public private(set) var problems: [Problem] = []

  /// An empty log for an object.
  public init(object: String) {
    self.object = object
  }

  /// Adds a problem with a field of the object.
  public func report(
    _ severity: Problem.Severity, at location: SourceLocation?, field: String, _ message: String
  ) {
    problems.append(
      Problem(
        severity: severity, location: location, object: object, field: field, message: message))
  }

  /// Whether anything found so far is an error.
  public var hasErrors: Bool { problems.contains { $0.severity == .error } }
}
