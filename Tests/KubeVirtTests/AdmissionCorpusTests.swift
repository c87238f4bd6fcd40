import Foundation
import KubeVirt
import Objects
import Testing

/// What KubeVirt's own webhooks said of each file of Fixtures/admission.
@Suite struct AdmissionCorpusTests {
  struct Recording: Decodable, Sendable {
    struct Cause: Decodable, Hashable, Sendable {
      var field: String
      var message: String
    }

    var accepted: Bool
    var causes: Set<Cause>
    var warnings: Set<String>
  }

  static let recordings: [String: Recording] = {
    do {
      let data = try Data(contentsOf: fixture("expected", "json"))
      return try JSONDecoder().decode([String: Recording].self, from: data)
    } catch {
      Issue.record(error)
      return [:]
    }
  }()

  static func fixture(_ name: String, _ ending: String) throws -> URL {
    try #require(
      Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: ending), "\(name)")
  }

  @Test func corpusIsThere() {
    #expect(Self.recordings.count > 800)
  }

  @Test(arguments: recordings.keys.sorted())
  func agreesWithKubeVirt(name: String) throws {
    let expected = try #require(Self.recordings[name])
    let text = try String(contentsOf: Self.fixture("admission/\(name)", "yaml"), encoding: .utf8)
    let file = ManifestFile(path: "\(name).yaml", text: text)
    #expect(file.problems.isEmpty)
    let document = try #require(file.documents.first)
    // The webhooks had each file as it is written, past an API server.
    let found = try #require(
      MachineObject(
        document, cluster: cluster(of: text), instancetypes: Instancetypes(isComplete: true),
        from: .client)
    ).causes
    let errors = Set(
      found.filter { $0.severity == .error }.map {
        Recording.Cause(field: $0.field, message: Self.withoutAdvice($0.message))
      })
    let warnings = found.filter { $0.severity == .warning }.map(\.message)
    #expect(errors == expected.causes)
    #expect(errors.isEmpty == expected.accepted)
    #expect(Set(warnings).isSuperset(of: expected.warnings))
  }

  /// A message without what pxelab adds to it.
  private static func withoutAdvice(_ message: String) -> String {
    guard let forbidden = message.range(of: " is a forbidden property") else { return message }
    return String(message[..<forbidden.upperBound])
  }

  private func cluster(of text: String) -> ClusterSettings {
    var cluster = ClusterSettings()
    let line = text.prefix { $0 != "\n" }
    guard line.hasPrefix("# cluster: ") else { return cluster }
    let words = line.dropFirst(11).split(separator: " ")
    for (word, value) in zip(words, words.dropFirst() + [""]) {
      let list = value.split(separator: ",").map(String.init)
      switch word {
      case "--feature-gates": cluster.featureGates = Set(list)
      case "--disabled-feature-gates": cluster.disabledFeatureGates = Set(list)
      case "--rollout-strategy": cluster.liveUpdate = value != "stage"
      case "--machine-types": cluster.machineTypes = list
      case "--permit-bridge=false": cluster.permitsBridgeOnPodNetwork = false
      default: continue
      }
    }
    return cluster
  }
}
