import Objects
import Planning
import Testing

@testable import Node

@Suite struct InstanceStepTests {
  /// What is there, and what the node does next.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var phase: String?
    var node: String? = "node01"
    var isDeleted = false
    var isEvicted = false
    var podNode: String? = "node01"
    var podPhase: String? = "Running"
    var domain: DomainCondition = .absent
    var wasStarted = false
    var step: InstanceStep

    init(
      _ title: String, phase: String?, node: String? = "node01", isDeleted: Bool = false,
      isEvicted: Bool = false,
      podNode: String? = "node01", podPhase: String? = "Running",
      domain: DomainCondition = .absent, wasStarted: Bool = false, _ step: InstanceStep
    ) {
      testDescription = title
      self.phase = phase
      self.node = node
      self.isDeleted = isDeleted
      self.isEvicted = isEvicted
      self.podNode = podNode
      self.podPhase = podPhase
      self.domain = domain
      self.wasStarted = wasStarted
      self.step = step
    }
  }

  static let cases: [Case] = [
    Case("nothing is there", phase: nil, podPhase: nil, .none),
    Case("an instance that is gone leaves no domain", phase: nil, domain: .running, .stop),
    Case("nor a paused one", phase: nil, domain: .paused, .stop),
    Case("nor its remains", phase: nil, domain: .ended(hasFailed: false), .clean),
    Case(
      "a pod of another node is none of ours", phase: "Scheduling", podNode: "other",
      podPhase: "Pending", .none),
    Case(
      "a pod that is bound here is taken", phase: "Scheduling", node: nil, podPhase: "Pending",
      .takePod),
    Case("once", phase: "Scheduling", node: nil, podPhase: "Running", .none),
    Case(
      "not of one that is to go: it ends", phase: "Scheduling", node: nil, isDeleted: true,
      podPhase: "Pending", .tellEnd(hasFailed: false)),
    Case(
      "also after it was taken", phase: "Scheduling", node: nil, isDeleted: true,
      podPhase: "Running", .tellEnd(hasFailed: false)),
    Case(
      "an ended pod is done with", phase: "Scheduling", isDeleted: true, podPhase: "Succeeded",
      .none),
    Case("what is handed over starts", phase: "Scheduled", .start),
    Case(
      "what is handed to another does not", phase: "Scheduled", node: "other", podNode: "other",
      .none),
    Case(
      "what is to go does not start any more", phase: "Scheduled", isDeleted: true,
      .tellEnd(hasFailed: false)),
    Case(
      "what was started and is gone has failed, and is not started twice", phase: "Scheduled",
      wasStarted: true, .tellEnd(hasFailed: true)),
    Case("what runs says so", phase: "Scheduled", domain: .running, .tellRunning),
    Case(
      "what ended before that says so", phase: "Scheduled", domain: .ended(hasFailed: true),
      .tellEnd(hasFailed: true)),
    Case("what runs goes on", phase: "Running", domain: .running, .none),
    Case("what is paused stays", phase: "Running", domain: .paused, .none),
    Case("what is to go is stopped", phase: "Running", isDeleted: true, domain: .running, .stop),
    Case("also while it is paused", phase: "Running", isDeleted: true, domain: .paused, .stop),
    Case("what is evicted is stopped", phase: "Running", isEvicted: true, domain: .running, .stop),
    Case(
      "what is evicted before its start ends", phase: "Scheduled", isEvicted: true,
      .tellEnd(hasFailed: false)),
    Case(
      "a guest that powered off succeeded", phase: "Running", domain: .ended(hasFailed: false),
      .tellEnd(hasFailed: false)),
    Case(
      "a guest that crashed failed", phase: "Running", domain: .ended(hasFailed: true),
      .tellEnd(hasFailed: true)),
    Case(
      "of a domain that nobody knows it is said that it failed", phase: "Running",
      .tellEnd(hasFailed: true)),
    Case(
      "an ended instance has a finished pod", phase: "Succeeded", podPhase: "Running",
      domain: .ended(hasFailed: false), .tellEnd(hasFailed: false)),
    Case(
      "then there is nothing to do", phase: "Succeeded", podPhase: "Succeeded",
      domain: .ended(hasFailed: false), .none),
    Case("what the API calls failed does not run", phase: "Failed", domain: .running, .stop),
    Case(
      "a failed instance has a failed pod", phase: "Failed", podPhase: "Running",
      .tellEnd(hasFailed: true)),
  ]

  @Test(arguments: cases)
  func step(_ entry: Case) {
    var instance: ObjectNode?
    if let phase = entry.phase {
      var tree: ObjectNode = ["status": ["phase": .text(phase)], "metadata": ["name": "m"]]
      if let node = entry.node { tree["status", "nodeName"] = .text(node) }
      if entry.isDeleted { tree["metadata", "deletionTimestamp"] = "2026-11-29T00:00:00Z" }
      instance = tree
    }
    var pod: ObjectNode?
    if let phase = entry.podPhase {
      pod = ["spec": ["nodeName": .text(entry.podNode ?? "")], "status": ["phase": .text(phase)]]
      if entry.isEvicted { pod?["metadata", "deletionTimestamp"] = "2026-11-29T00:00:00Z" }
    }
    let step = InstanceStep(
      instance: instance, pod: pod, node: "node01", domain: entry.domain,
      wasStarted: entry.wasStarted)
    #expect(step == entry.step)
  }
}

@Suite struct InstanceStatusTests {
  @Test func aPhaseIsSetOnceWithItsTime() {
    var tree: ObjectNode = ["status": ["phase": "Scheduled"]]
    #expect(InstanceStatus.setPhase("Running", at: "2026-11-29T00:00:01Z", in: &tree))
    #expect(!InstanceStatus.setPhase("Running", at: "2026-11-29T00:00:02Z", in: &tree))
    #expect(tree["status", "phase"]?.string == "Running")
    let times = tree["status", "phaseTransitionTimestamps"]?.items ?? []
    #expect(times.compactMap { $0["phaseTransitionTimestamp"]?.string } == ["2026-11-29T00:00:01Z"])
  }

  @Test func aConditionKeepsItsTimeUntilItsStatusChanges() {
    var tree: ObjectNode = [:]
    let times = ["2026-11-29T00:00:01Z", "2026-11-29T00:00:02Z", "2026-11-29T00:00:03Z"]
    #expect(InstanceStatus.setCondition("Paused", true, at: times[0], in: &tree))
    #expect(InstanceStatus.setCondition("Paused", true, message: "again", at: times[1], in: &tree))
    let condition = tree["status", "conditions"]?.items.first
    #expect(condition?["lastTransitionTime"]?.string == times[0])
    #expect(condition?["message"]?.string == "again")
    #expect(InstanceStatus.setCondition("Paused", nil, at: times[2], in: &tree))
    #expect(tree["status", "conditions"]?.items.isEmpty == true)
    #expect(!InstanceStatus.setCondition("Paused", nil, at: times[2], in: &tree))
  }
}
