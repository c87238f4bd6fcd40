import PXEWire
import Testing

@testable import Node
@testable import Parts

@Suite struct PartFailuresTests {
  private static let killed = PartState.restarting(
    attempt: 1, at: .now, reason: "was ended by signal 9 (SIGKILL)")
  private static let hung = PartState.hung(since: .now, reason: "it does not answer")

  private func failures(
    _ events: [(Double, PartState)], attachment: String? = "pxe"
  ) -> PartFailures {
    var failures = PartFailures()
    for (time, state) in events {
      failures.note(
        PartEvent(title: "dnsmasq", state: state, lastWords: "no memory"), attachment,
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
      failures(events, attachment: nil).failures(during: Timestamp(seconds: 0), for: []).count == 1)
  }

  @Test func thoseOfDaysAreForgotten() {
    var failures = PartFailures()
    for number in 0..<10_000 {
      let event = PartEvent(title: "dnsmasq", state: Self.killed)
      failures.note(event, nil, at: Timestamp(seconds: Double(number)))
      failures.note(
        PartEvent(title: "dnsmasq", state: .running(since: .now)), nil,
        at: Timestamp(seconds: Double(number) + 0.5))
    }
    let kept = failures.failures(during: Timestamp(seconds: 0), for: [])
    #expect(kept.count <= 256 && kept.last?.time == Timestamp(seconds: 9999))
  }
}
