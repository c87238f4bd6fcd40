import Foundation
import Glibc
import Libvirt
import Testing

/// A libvirtd that ends, or stops to answer.
@Suite(.serialized, .timeLimit(.minutes(5))) struct ConnectionLossTests {
  private func withLibvirtd(_ body: (PrivateLibvirtd) async throws -> Void) async throws {
    let libvirtd = try await PrivateLibvirtd()
    defer { libvirtd.remove() }
    try await body(libvirtd)
  }

  @Test func theEndOfLibvirtdIsAnEvent() async throws {
    try await withLibvirtd { libvirtd in
      let connection = try await Connection.open(uri: libvirtd.uri)
      let events = try await connection.events()
      try await connection.ping()
      #expect(connection.closeReason == nil)
      libvirtd.signal(SIGKILL)
      #expect(try await connection.closed() == .ended)
      for await _ in events {}
      let error = await #expect(throws: LibvirtError.self) { try await connection.domains() }
      #expect(error?.code == .notConnected)
      #expect(error?.description == "libvirt: the connection is lost: libvirtd has ended")
    }
  }

  @Test func aHungLibvirtdHoldsNobodyUp() async throws {
    try await withLibvirtd { libvirtd in
      let connection = try await Connection.open(uri: libvirtd.uri)
      let events = try await connection.events()
      libvirtd.signal(SIGSTOP)
      let error = await #expect(throws: LibvirtError.self) {
        try await connection.ping(within: .milliseconds(50))
      }
      #expect(error?.code == .timedOut)
      #expect(error?.description.contains("did not answer within 0.05 seconds") == true)
      #expect(
        try await connection.closed()
          == .hung(function: "virConnectGetLibVersion", limit: .milliseconds(50)))
      for await _ in events {}
      let later = await #expect(throws: LibvirtError.self) { try await connection.domains() }
      #expect(later?.code == .timedOut)
      let another = await #expect(throws: LibvirtError.self) {
        _ = try await Connection.open(uri: libvirtd.uri, timeLimit: .milliseconds(50))
      }
      #expect(another?.code == .timedOut && another?.function == "virConnectOpen")

      libvirtd.signal(SIGCONT)
      let healthy = try await Connection.open(uri: libvirtd.uri)
      #expect(try await healthy.domains().map(\.name) == ["test"])
      #expect(connection.closeReason != nil)
    }
  }

  @Test func callsBehindOneThatHangsEndWithIt() async throws {
    try await withLibvirtd { libvirtd in
      let connection = try await Connection.open(
        uri: libvirtd.uri, timeLimit: .seconds(2))
      libvirtd.signal(SIGSTOP)
      let codes = await withTaskGroup(of: LibvirtError.Code?.self) { group in
        for _ in 0..<5 {
          group.addTask {
            do throws(LibvirtError) {
              _ = try await connection.domain("test")
              return nil
            } catch {
              return error.code
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(codes == [.timedOut, .timedOut, .timedOut, .timedOut, .timedOut])
    }
  }

  @Test func aCallerThatIsCancelledIsLetGo() async throws {
    try await withLibvirtd { libvirtd in
      let connection = try await Connection.open(uri: libvirtd.uri)
      libvirtd.signal(SIGSTOP)
      let call = Task { try await connection.domains() }
      let end = Task { try await connection.closed() }
      call.cancel()
      end.cancel()
      let error = await #expect(throws: LibvirtError.self) { try await call.value }
      #expect(error?.code == .cancelled)
      await #expect(throws: CancellationError.self) { try await end.value }
      #expect(connection.closeReason == nil)
      libvirtd.signal(SIGCONT)
      #expect(try await connection.domains().map(\.name) == ["test"])
    }
  }

  @Test func aProbeTellsTheHungFromTheDeadAndTheWell() async throws {
    try await withLibvirtd { libvirtd in
      let probe = DaemonProbe(uri: libvirtd.uri)
      try await probe.check(within: .seconds(30))
      libvirtd.signal(SIGSTOP)
      let hung = await #expect(throws: LibvirtError.self) {
        try await probe.check(within: .milliseconds(50))
      }
      #expect(hung?.code == .timedOut)
      libvirtd.signal(SIGCONT)
      try await probe.check(within: .seconds(30))
      libvirtd.signal(SIGKILL)
      let dead = await #expect(throws: LibvirtError.self) {
        try await probe.check(within: .seconds(30))
      }
      #expect(dead?.code == .notConnected || dead?.code == .systemError)
    }
  }
}
