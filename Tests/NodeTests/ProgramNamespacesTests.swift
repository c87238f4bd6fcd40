import Addresses
import FileSystem
import Kinds
import Testing

@testable import Node
@testable import Planning

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
    let paths = LabPaths(directory: folder.path, stores: folder.path)
    let names = (held: "00000000000000aa", gone: "00000000000000bb", killed: "00000000000000cc")
    let killed = paths.programLock(names.killed)
    guard let lock = try FileLock(path: paths.programLock(names.held)) else {
      Issue.record("nobody else has the lock")
      return
    }
    try Files.write("", to: killed)
    // One that has ended well removes its file, and what it left in the namespace may stay.
    for holder in [names.held, names.gone, names.killed, nil] {
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

  /// Whoever may speak to the API may send any text.
  @Test(arguments: ["", "/", "/etc", "../held", "00000000000000AA", "00000000000000aaa"])
  func aHolderIsNoPath(_ holder: String) async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let programs = ProgramNamespaces(runner: WrittenRunner())
    await programs.use(try Self.plan(folder.path))
    var request = ProgramNamespaceRequest(
      attachment: "net", vlan: nil, address: .none, ofServer: false)
    request.holder = holder
    await #expect(throws: ProgramNamespaceError.self) { try await programs.make(request) }
  }
}
