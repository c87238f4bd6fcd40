import Objects
import Scheduling
import Testing

/// When a pod leaves a node that has NoExecute taints.
@Suite struct TaintEvictionTests {
  /// Taints with the second since which the node has them.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var taints: [(ObjectNode, Int)]
    var tolerations: [ObjectNode]
    var bound = 0
    var end: Int?
  }

  private static let gone: ObjectNode = ["key": "gone", "value": "x", "effect": "NoExecute"]
  private static func toleration(_ seconds: Int?, key: String? = "gone") -> ObjectNode {
    var toleration: ObjectNode = ["operator": "Exists", "effect": "NoExecute"]
    toleration["key"] = key.map { .text($0) }
    toleration["tolerationSeconds"] = seconds.map { .integer($0) }
    return toleration
  }

  static let cases: [Case] = [
    Case(testDescription: "no taint", taints: [], tolerations: [], end: nil),
    Case(
      testDescription: "other effects evict nobody",
      taints: [
        (["key": "gone", "effect": "NoSchedule"], 10),
        (["key": "gone", "effect": "PreferNoSchedule"], 10),
      ], tolerations: [], end: nil),
    Case(testDescription: "not tolerated", taints: [(gone, 10)], tolerations: [], end: 10),
    Case(
      testDescription: "not tolerated by the pod that comes later", taints: [(gone, 10)],
      tolerations: [], bound: 20, end: 20),
    Case(
      testDescription: "tolerated for ever", taints: [(gone, 10)], tolerations: [toleration(nil)],
      end: nil),
    Case(
      testDescription: "for a while, from the taint on", taints: [(gone, 10)],
      tolerations: [toleration(300)], end: 310),
    Case(
      testDescription: "for a while, from when the pod came", taints: [(gone, 10)],
      tolerations: [toleration(300)], bound: 50, end: 350),
    Case(
      testDescription: "0 and less are at once", taints: [(gone, 10)],
      tolerations: [toleration(-5)], end: 10),
    Case(
      testDescription: "the largest number is for ever", taints: [(gone, 10)],
      tolerations: [toleration(Int.max)], end: nil),
    Case(
      testDescription: "the first toleration that fits counts", taints: [(gone, 10)],
      tolerations: [toleration(nil), toleration(5)], end: nil),
    Case(
      testDescription: "whatever comes after it", taints: [(gone, 10)],
      tolerations: [toleration(5), toleration(nil)], end: 15),
    Case(
      testDescription: "all keys", taints: [(gone, 10)], tolerations: [toleration(60, key: nil)],
      end: 70),
    Case(
      testDescription: "another value is not tolerated", taints: [(gone, 10)],
      tolerations: [["key": "gone", "value": "y", "effect": "NoExecute"]], end: 10),
    Case(
      testDescription: "a toleration of another effect is none", taints: [(gone, 10)],
      tolerations: [["key": "gone", "operator": "Exists", "effect": "NoSchedule"]], end: 10),
    Case(
      testDescription: "of several taints the one that is over first",
      taints: [(gone, 10), (["key": "late", "effect": "NoExecute"], 40)],
      tolerations: [toleration(300), toleration(60, key: "late")], end: 100),
    Case(
      testDescription: "one that is not tolerated is enough",
      taints: [(gone, 10), (["key": "late", "effect": "NoExecute"], 40)],
      tolerations: [toleration(nil)], end: 40),
  ]

  @Test(arguments: cases)
  func theTime(_ test: Case) {
    let pod: ObjectNode = ["spec": ["tolerations": .sequence(test.tolerations)]]
    #expect(
      TaintEviction.time(
        for: pod, bound: test.bound, taints: test.taints.map { .init($0.0, since: $0.1) })
        == test.end)
  }
}
