import NetworkAttachment
import Testing

/// What releases of the plugin did with the configurations, and what pxelab says they do.
@Suite struct RecordedTests {
  /// Messages of nested fields depend on the Go that a release is built with; 1.3.0's was older
  /// than the one that built the recorded program.
  private static let dependsOnGo: Set = [
    "type-number", "ipam-text", "dns-wrong", "capabilities-wrong",
  ]
  /// Only a cluster knows which IPAM plugins it has.
  private static let dependsOnNode: Set = ["ipam-unknown"]

  @Test(arguments: ["1.1.1", "1.3.0", "1.7.1", "1.8.0", "1.9.1"])
  func theReleaseIsFollowed(_ version: String) throws {
    let plugins = try #require(CNIPluginsVersion(version))
    let recorded = Dictionary(
      uniqueKeysWithValues: try Configuration.lines(of: "recorded-\(version).txt").map { line in
        let name = line.prefix { $0 != ":" }
        return (String(name), String(line.dropFirst(name.count + 2)))
      })
    let configurations = try Configuration.all().filter { recorded[$0.name] != nil }
    try #require(configurations.count > 100)
    for configuration in configurations where !Self.dependsOnNode.contains(configuration.name) {
      let expected = recorded[configuration.name] ?? ""
      let review = try #require(configuration.review(plugins: plugins), "\(configuration.name)")
      let errors = review.problems.filter { $0.severity == .error }.map(\.message)
      if let message = expected.refusal {
        let isSaid = errors.contains { $0.hasPrefix(message) }
        if version == "1.3.0", Self.dependsOnGo.contains(configuration.name) {
          #expect(!errors.isEmpty, "\(configuration.name)")
        } else {
          #expect(isSaid, "\(configuration.name): \(message), not \(errors)")
        }
      } else {
        #expect(errors.isEmpty, "\(configuration.name)")
        guard case .bridge(let bridge)? = review.attachment?.config else {
          Issue.record("\(configuration.name): no bridge")
          continue
        }
        #expect("accepted; \(Observation(bridge))" == expected, "\(configuration.name)")
      }
    }
  }
}

extension String {
  /// The message of a line `refused CODE MESSAGE`.
  fileprivate var refusal: String? {
    guard hasPrefix("refused ") else { return nil }
    return split(separator: " ", maxSplits: 2).last.map(String.init)
  }
}
