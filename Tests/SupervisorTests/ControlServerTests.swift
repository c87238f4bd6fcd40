import Control
import Foundation
import LabPlan
import Testing

@testable import Supervisor

/// The control API's two ends on a real socket.
@Suite(.timeLimit(.minutes(10))) struct ControlServerTests {
  /// Runs `body` against a server of a record; `down` yields to the stream.
  private func serving(
    _ body: @Sendable (LabRecord, ControlClient, AsyncStream<Void>) async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let socket = "\(folder.path)/control.sock"
    let record = LabRecord(status: try labStatus())
    let (downs, down) = AsyncStream.makeStream(of: Void.self)
    let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
    let server = ControlServer(socketPath: socket, record: record) { down.yield() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run { isListening.yield() } }
      for await _ in listening { break }
      try await body(record, ControlClient(socketPath: socket), downs)
      group.cancelAll()
      // How a cancelled server ends is not the matter here.
      while await group.nextResult() != nil {}
    }
  }

  @Test func statusIsWhatTheRecordHas() async throws {
    try await serving { record, client, _ in
      #expect(try await client.status() == (try labStatus()))
      await record.change(machine: "m") { $0.stage = "DHCP" }
      await record.change { $0.phase = .running }
      let status = try await client.status()
      #expect(status.phase == .running && status.machines.map(\.stage) == ["DHCP"])
    }
  }

  @Test func eventsComeFromTheNumberAskedFor() async throws {
    try await serving { record, client, _ in
      await record.add(.phase, "one")
      await record.add(.stage, machine: "m", "two", percent: 40)
      let all = try await client.events(from: 0)
      #expect(all.map(\.number) == [0, 1] && all.map(\.text) == ["one", "two"])
      #expect(all.last?.machine == "m" && all.last?.percent == 40)
      #expect(try await client.events(from: 1).map(\.text) == ["two"])
    }
  }

  @Test func aPollIsAnsweredByTheNextEvent() async throws {
    try await serving { record, client, _ in
      async let polled = client.events(from: 0)
      async let second = client.events(from: 1)
      await record.add(.notice, "late")
      let first = try await polled
      #expect(first.first?.text == "late")
      await record.add(.notice, "later")
      let next = try await second
      #expect(next.map(\.text) == ["later"])
    }
  }

  @Test func theReportIsAwaitedAndEndsTheEvents() async throws {
    try await serving { record, client, _ in
      async let awaited = client.report()
      let report = LabReport(
        lab: "lab", dataplane: "open-vswitch", acceleration: "tcg", machines: [])
      await record.finish(report)
      let answer = try await awaited
      #expect(answer == report)
      #expect(try await client.report() == report)
      #expect(try await client.events(from: 0).last?.kind == .finished)
    }
  }

  @Test func downIsAgreedToAndPassedOn() async throws {
    try await serving { _, client, downs in
      try await client.down()
      var count = 0
      for await _ in downs {
        count += 1
        break
      }
      #expect(count == 1)
    }
  }

  @Test func nobodyListeningIsAnErrorThatNamesTheSocket() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let client = ControlClient(socketPath: "\(folder.path)/control.sock")
    let error = await #expect(throws: ControlError.self) { try await client.status() }
    #expect(error?.description.contains("\(folder.path)/control.sock") == true)
  }
}
