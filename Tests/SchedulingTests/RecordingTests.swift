import Foundation
import Objects
import Scheduling
import Testing

/// What kube-scheduler, kube-apiserver and virt-controller were seen to do (Fixtures/README.md).
@Suite struct RecordingTests {
  private static let counts = [
    "launcher-placement": 26, "launcher-pod": 81, "misc": 15, "node-affinity-preferred": 7,
    "node-affinity-required": 34, "node-selector": 10, "pod-affinity-preferred": 12,
    "pod-affinity-required": 28, "pod-anti-affinity-required": 18, "random": 135, "resources": 32,
    "seed-6.13.2.2": 22, "sequences": 5, "taints": 32, "topology-spread": 20,
    "validation-node": 18, "validation-pod": 73,
  ]

  @Test(arguments: counts.keys.sorted())
  func agrees(topic: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: topic, withExtension: "json", subdirectory: "Fixtures"))
    let tree = try ObjectNode(json: [UInt8](Data(contentsOf: url)))
    let agreement = try #require(Recording(tree)).agreement()
    #expect(agreement.topic == topic)
    #expect(agreement.cases == Self.counts[topic])
    #expect(agreement.differences == [])
    #expect(agreement.agreeing == agreement.cases)
  }
}
