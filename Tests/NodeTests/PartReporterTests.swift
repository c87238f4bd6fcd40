import Kinds
import Logging
import Objects
import PXEWire
import Parts
import Planning
import TestObjects
import Testing

@testable import Node

/// What is said of programs that end.
@Suite struct PartReporterTests {
  @Test(
    arguments: [
      (.running, nil, nil),
      (.running, .starting, nil), (.running, .running, nil), (.running, .restarting, .runsAgain),
      (.running, .hung, .runsAgain), (.running, .failed, .runsAgain), (.starting, .restarting, nil),
      (.hung, .running, .trouble), (.restarting, .running, .trouble), (.off, .running, nil),
    ] as [(LabPart.State, LabPart.State?, PartReporter.News?)])
  func news(
    _ state: LabPart.State, _ former: LabPart.State?, _ news: PartReporter.News?
  ) {
    for isEssential in [true, false] {
      #expect(PartReporter.news(of: state, after: former, isEssential: isEssential) == news)
    }
  }

  /// Between its end and its return a part is being started.
  @Test func aPartThatWasStartedAgainRunsAgain() {
    #expect(
      PartReporter.news(of: .running, after: .starting, restarts: 1, isEssential: true)
        == .runsAgain)
    #expect(PartReporter.news(of: .running, after: .running, restarts: 1, isEssential: true) == nil)
  }

  @Test func aLabGoesOnWithoutWhatIsNotEssential() {
    #expect(PartReporter.news(of: .failed, after: .running, isEssential: true) == .failure)
    #expect(PartReporter.news(of: .failed, after: .running, isEssential: false) == .trouble)
  }

  @Test func theEndOfAPartIsInItsObjectAndAnEvent() async throws {
    let api = MemoryAPI()
    let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    let writer = ObjectWriter(api, node: "node01", log: log)
    let writing = Task { await writer.run() }
    defer { writing.cancel() }
    let reporter = PartReporter(node: "node01", writer: writer, log: log)
    let lab = EventRecord.Reference(
      apiVersion: "pxelab.dev/v1alpha1", kind: "Lab", namespace: "", name: "x", uid: "u")
    let states: [PartState] = [
      .starting, .running(since: .now),
      .restarting(attempt: 1, at: .now, reason: "was ended by signal 9 (SIGKILL)"),
    ]
    #expect(await !reporter.knows("pasta"))
    for state in states {
      await reporter.tell(
        PartEvent(title: "pasta", state: state, networks: [LabPart.podNetwork]), of: lab,
        at: Timestamp(seconds: 1_764_440_028))
    }
    #expect(await reporter.knows("pasta"))
    let key = ObjectKey(LabPart.resource, namespace: LabPart.namespace, name: "pasta")
    let part = try #require(api[key]).decoded(as: LabPart.self)
    #expect(part.status?.state == .restarting && part.spec.networks == [LabPart.podNetwork])
    let event = try await api.first(of: EventRecord.resource)
    #expect(event["reason"]?.string == "Notice" && event["type"]?.string == "Warning")
    #expect(
      event["message"]?.string
        == "pasta was ended by signal 9 (SIGKILL); it is started again")
    await reporter.forget("pasta")
    #expect(api[key] == nil)
    #expect(await !reporter.knows("pasta"))
  }

  @Test func theKeeperStartsPastaOnTheNetworkThatItIsGiven() throws {
    let paths = LabPaths(stateDirectory: "/state", lab: "x")
    for (role, title) in [(NodeRole.only("node01"), "pasta"), (.fabric, "pasta of fabric")] {
      let part = UplinkKeeper(
        lab: "x", paths: paths, role: role, networks: ["net"], api: MemoryAPI(),
        log: Logger(label: "test")
      ).part(input: 7)
      #expect(part.title == title && part.input == 7 && part.networks == ["net"])
      #expect(part.policy.restarts && part.start == .foreground(UplinkPlan.command))
      #expect(part.log == paths.uplinkLog)
    }
    #expect(UplinkPlan.command.arguments.contains("/proc/self/fd/0"))
  }
}
