import Kinds
import PXEWire
import Testing

@testable import Node
@testable import Parts

@Suite struct PartFailuresTests {
  private static let killed = PartState.restarting(
    attempt: 1, at: .now, reason: "was ended by signal 9 (SIGKILL)")
  private static let hung = PartState.hung(since: .now, reason: "it does not answer")

  private func failures(
    _ events: [(Double, PartState)], networks: [String]? = ["pxe"]
  ) -> PartFailures {
    var failures = PartFailures()
    for (time, state) in events {
      failures.note(
        PartEvent(title: "dnsmasq", state: state, lastWords: "no memory", networks: networks),
        at: Timestamp(seconds: time))
    }
    return failures
  }

  @Test func aFailureLastsUntilThePartRunsAgain() throws {
    let ended = failures([
      (1, .starting), (2, .running(since: .now)), (10, Self.killed), (11, .starting),
      (12, Self.killed), (13, .running(since: .now)), (20, Self.hung),
    ])
    let found = ended.failures(during: Timestamp(seconds: 0), for: ["pxe"])
    #expect(
      found.map(\.reason) == [
        "was ended by signal 9 (SIGKILL)", "hangs (it does not answer)",
      ])
    #expect(found.first?.time == Timestamp(seconds: 10))
    #expect(found.first?.back == Timestamp(seconds: 13) && found.last?.back == nil)
    #expect(found.first?.lastWords == "no memory")
    #expect(ended.failures(during: Timestamp(seconds: 14), for: ["pxe"]).count == 1)
    #expect(ended.failures(during: Timestamp(seconds: 12.5), for: ["pxe"]).count == 2)
  }

  @Test func itConcernsWhoDependsOnThePart() {
    let events = [(1.0, Self.killed)]
    #expect(failures(events).failures(during: Timestamp(seconds: 0), for: ["other"]).isEmpty)
    #expect(
      failures(events, networks: nil).failures(during: Timestamp(seconds: 0), for: []).count == 1)
  }

  @Test func thoseOfDaysAreForgotten() {
    var failures = PartFailures()
    for number in 0..<10_000 {
      let event = PartEvent(title: "dnsmasq", state: Self.killed)
      failures.note(event, at: Timestamp(seconds: Double(number)))
      failures.note(
        PartEvent(title: "dnsmasq", state: .running(since: .now)),
        at: Timestamp(seconds: Double(number) + 0.5))
    }
    let kept = failures.failures(during: Timestamp(seconds: 0), for: [])
    #expect(kept.count <= 256 && kept.last?.time == Timestamp(seconds: 9999))
  }

  @Test(
    arguments: [
      (["pxe", "other"], ["other"], true), (["pxe"], ["pxe", "the pod network"], true),
      (["the pod network"], ["pxe"], false), ([], ["pxe"], false),
    ] as [([String], Set<String>, Bool)])
  func aPartMayServeSomeNetworks(_ networks: [String], _ machine: Set<String>, _ concerned: Bool) {
    let failures = failures([(1, Self.killed)], networks: networks)
    let found = failures.failures(during: Timestamp(seconds: 0), for: machine)
    #expect(!found.isEmpty == concerned)
  }

  /// What keeps the way out is another process, known by its part's object alone.
  @Test func aPartOfAnotherProcess() throws {
    func part(_ state: LabPart.State, restarts: Int, at time: String) -> LabPart {
      LabPart(
        name: "pasta",
        spec: LabPart.Spec(title: "pasta", node: "node01", networks: [LabPart.podNetwork]),
        status: LabPart.Status(
          state: state, since: time, restarts: restarts,
          message: state == .running ? nil : "pasta was ended by signal 9 (SIGKILL)"))
    }
    var failures = PartFailures()
    failures.note(part(.running, restarts: 0, at: "2026-11-30T10:00:00.000000Z"))
    failures.note(part(.restarting, restarts: 0, at: "2026-11-30T10:00:05.000000Z"))
    failures.note(part(.running, restarts: 1, at: "2026-11-30T10:00:06.000000Z"))
    let began = try #require(Timestamp(apiTime: "2026-11-30T10:00:01.000000Z"))
    let found = failures.failures(during: began, for: [LabPart.podNetwork])
    #expect(found.map(\.reason) == ["was ended by signal 9 (SIGKILL)"])
    #expect(found.first?.back == Timestamp(apiTime: "2026-11-30T10:00:06.000000Z"))
    #expect(failures.failures(during: began, for: ["pxe"]).isEmpty)
  }
}
