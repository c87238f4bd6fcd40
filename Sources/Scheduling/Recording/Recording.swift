import KubeVirt
import Objects

/// What a real scheduler, API server and virt-controller were seen to do, against what is computed
/// here: a file `{"topic": …, "cases": […]}`.
package struct Recording: Sendable {
  /// Where what is computed is not what was seen.
  package struct Difference: Hashable, Sendable {
    /// The case's name, with the pod's in a sequence.
    package let name: String
    /// The release, where the case has results of several.
    package let release: String
    /// What of the result.
    package let field: String
    /// What was seen, as JSON.
    package let recorded: String
    /// What was computed, as JSON.
    package let computed: String
  }

  /// How far both agree.
  package struct Agreement: Sendable {
    /// The name of what the cases are about.
    package internal(set) var topic = ""
    /// How many cases there are.
    package internal(set) var cases = 0
    /// How many agree in all that was seen.
    package internal(set) var agreeing = 0
    /// Where the others do not.
    package internal(set) var differences: [Difference] = []
  }

  private let root: APIValue

  /// A file's content; `nil` when it has no list of cases.
  package init?(_ root: ObjectNode) {
    guard root["cases"]?.isSequence == true else { return nil }
    self.root = APIValue(root)
  }

  /// Computes all cases.
  package func agreement() -> Agreement {
    var agreement = Agreement()
    agreement.topic = root["topic"].string
    for item in root["cases"].items {
      let differences = RecordedCase(item).differences()
      agreement.cases += 1
      if differences.isEmpty { agreement.agreeing += 1 }
      agreement.differences += differences
    }
    return agreement
  }
}

/// One case of a recording.
struct RecordedCase {
  let item: APIValue

  init(_ item: APIValue) { self.item = item }

  var name: String { item["name"].string }

  func differences() -> [Recording.Difference] {
    if item["vm"].exists || item["vmi"].exists {
      return RecordedLauncher(item).differences()
    }
    if item["sequence"].exists {
      let results = item["result"].items
      let names = item["sequence"].items.map { $0["metadata"]["name"].string }
      return Release.known.flatMap { release in
        let computed = RecordedPlacement(item, release).sequence()
        return zip(results, computed).enumerated().flatMap { index, pair in
          compare(pair.0, pair.1, release, name: "\(name)/\(names[index])")
        }
      }
    }
    if !item["pod"].exists {
      return compare(item["result"], RecordedPlacement(item, .v1_36).nodes(), .v1_36, name: name)
    }
    return Release.known.flatMap { release in
      compare(item["result"], RecordedPlacement(item, release).single(), release, name: name)
    }
  }

  private func compare(
    _ recorded: APIValue, _ computed: ObjectNode, _ release: Release, name: String
  ) -> [Recording.Difference] {
    guard var expected = recorded.node else { return [] }
    expected["in1.34"] = nil
    var computed = computed
    if release == .v1_34 {
      for entry in recorded["in1.34"].node?.entries ?? [] { expected[entry.key] = entry.value }
      // Nothing else was recorded of that release.
      let kept = ["best", "scores", "message"]
      expected = ObjectNode(.mapping(expected.entries.filter { kept.contains($0.key) }))
      computed = ObjectNode(.mapping(computed.entries.filter { kept.contains($0.key) }))
    }
    return RecordedComparison(expected, computed, optional: ["bound", "events", "pod", "causes"])
      .differences(name: name, release: release.description)
  }
}
