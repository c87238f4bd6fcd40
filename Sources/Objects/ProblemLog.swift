/// Collects the problems of one object while it is decoded.
package final class ProblemLog {
  /// The object as `kind/name`.
  package let object: String
  /// The problems in the order in which they were found.
  package private(set) var problems: [Problem] = []

  /// An empty log for an object.
  package init(object: String) {
    self.object = object
  }

  /// Adds a problem with a field of the object.
  package func report(
    _ severity: Problem.Severity, at location: SourceLocation?, field: String, _ message: String
  ) {
    problems.append(
      Problem(
        severity: severity, location: location, object: object, field: field, message: message))
  }

  /// Whether anything found so far is an error.
  package var hasErrors: Bool { problems.contains { $0.severity == .error } }
}
