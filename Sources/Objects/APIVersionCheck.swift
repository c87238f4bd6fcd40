extension ManifestDocument {
  /// Checks `apiVersion` against what a cluster serves.
  ///
  /// Two slips are taken with a warning that says what a cluster would do: the key written
  /// `apiversion`, and a version of `tolerated`. Any other version is an error.
  ///
  /// - Parameters:
  ///   - served: versions that a cluster with the needed operators serves.
  ///   - tolerated: versions that no cluster serves, but whose meaning is plain.
  package func checkAPIVersion(
    served: [String], tolerated: [String] = [], log: ProblemLog
  ) {
    let place = location(of: root["apiVersion"] == nil ? "apiversion" : "apiVersion")
    func report(_ severity: Problem.Severity, _ message: String) {
      log.report(severity, at: place, field: "apiVersion", message)
    }
    let instead = served.first ?? ""
    if root["apiVersion"] == nil, root["apiversion"] != nil {
      report(
        .warning,
        "the field is spelt \"apiversion\": a cluster refuses this object with"
          + " \"apiVersion not set\"; write \"apiVersion\"")
    }
    if apiVersion.isEmpty {
      report(.error, "apiVersion not set; write \"apiVersion: \(instead)\"")
    } else if tolerated.contains(apiVersion) {
      report(
        .warning,
        "no cluster serves \(apiVersion) and answers \"no matches for kind \(kind.debugDescription)"
          + " in version \(apiVersion.debugDescription)\"; write \(instead)")
    } else if !served.contains(apiVersion) {
      report(
        .error,
        "no matches for kind \(kind.debugDescription) in version \(apiVersion.debugDescription);"
          + " known: \(served.joined(separator: ", "))")
    }
  }

  /// The keys that stand at the top of every Kubernetes object.
  package static let objectKeys: Set<String> = [
    "apiVersion", "apiversion", "kind", "metadata", "spec", "status",
  ]
}
