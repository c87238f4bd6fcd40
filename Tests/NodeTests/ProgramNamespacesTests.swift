import Addresses
import FileSystem
import Kinds
import Testing

@testable import LabPlan
@testable import Node

/// The namespaces of programs that `pxelab exec` runs.
@Suite struct ProgramNamespacesTests {
  private static func plan(_ folder: String) throws -> LabPlan {
    LabPlan(
      lab: "x", paths: LabPaths(directory: folder, stores: folder), nodes: ["node01"],
      sandbox: SandboxPlan(userNamespace: false, hidesKVM: true),
      dataplane: DataplanePlan(
        engine: Reasoned(.linuxBridge, because: "test"),
        bridges: [BridgePlan(name: "br0", device: "br0", captureDevice: "br0", ports: [])],
        directory: folder),
      attachments: [
        AttachmentPlan(
          title: "net", bridge: "br0", vlan: nil,
          address: try #require(IPv4Network("192.168.7.1/24")))
      ], trunks: [], acceleration: Reasoned("tcg", because: "test"), servers: [], machines: [],
      notices: [])
  }

  @Test func thatOfAKilledCommandGoes() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let programs = ProgramNamespaces(runner: WrittenRunner())
    await programs.use(try Self.plan(folder.path))
    let held = "\(folder.path)/held"
    let killed = "\(folder.path)/killed"
    guard let lock = try FileLock(path: held) else {
      Issue.record("nobody else has the lock")
      return
    }
    try Files.write("", to: killed)
    // One that has ended well removes its file, and what it left in the namespace may stay.
    for holder in [held, "\(folder.path)/gone", killed, nil] {
      var request = ProgramNamespaceRequest(
        attachment: "net", vlan: nil, address: .none, ofServer: false)
      request.holder = holder
      _ = try await programs.make(request)
    }
    #expect(try await programs.removeAbandoned() == ["exec_2"])
    #expect(await programs.programs.count == 3 && !Files.exists(killed))
    #expect(try await programs.removeAbandoned() == [])
    _ = consume lock
    #expect(try await programs.removeAbandoned() == ["exec_0"])
  }
}
