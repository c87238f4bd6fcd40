import FileSystem
import Glibc
import HTTPService
import Objects
import Planning
import Sockets
import Store
import TestSockets
import Testing

@testable import Subresources

/// `virtctl console` and `virtctl vnc`, and who takes what from whom.
@Suite(.timeLimit(.minutes(5))) struct AttachmentTests {
  private static func target(_ request: String, version: String = "v1") -> String {
    "/apis/subresources.kubevirt.io/\(version)/namespaces/default/virtualmachineinstances/pxe/"
      + request
  }

  /// A lab's API on a socket, with a machine that runs, and what stands for its QEMU.
  private final class Scene: Sendable {
    let lab: TestLab
    let server: HTTPServer
    let console: UnixListener
    let screen: UnixListener
    var socket: String { "\(lab.folder)/api.sock" }

    init(isUsersOwn: Bool = false, spec: ObjectNode = [:]) async throws {
      lab = try await TestLab()
      console = try UnixListener()
      screen = try UnixListener()
      let folder = lab.paths.machine("pxe")
      try Files.makeFolder("\(folder)/screen")
      try Files.link("\(folder)/console.sock", to: console.path)
      try Files.link("\(folder)/\(isUsersOwn ? "screen/" : "")vnc.sock", to: screen.path)
      try await lab.makeRunningMachine(spec: spec)
      let api = lab.api
      server = try await HTTPServer.start(
        on: [.unix(path: "\(lab.folder)/api.sock", users: [getuid()])]
      ) { await api.answer($0) }
    }

    func attach(_ target: String) async throws -> WebSocketClient {
      try await WebSocketClient(socket: socket, target: target)
    }

    func stop() async { await server.stop(grace: .zero) }
  }

  @Test func bytesOfTheConsoleGoBothWays() async throws {
    for version in ["v1", "v1alpha3"] {
      let scene = try await Scene()
      async let accepted = scene.console.answer("login: ")
      let client = try await scene.attach(Self.target("console", version: version))
      let machine = SocketStream(owning: await accepted)
      _ = fcntl(await accepted, F_SETFL, O_NONBLOCK)
      #expect(await client.answer.contains("plain.kubevirt.io"))
      #expect(try await client.text(until: "login: ") == "login: ")
      try await client.send(Array("root\r".utf8))
      #expect(try await machine.text(until: "\r") == "root\r")
      await scene.stop()
    }
  }

  @Test func newerClientTakesTheConsole() async throws {
    let scene = try await Scene()
    async let first = scene.console.answer("to the first")
    let older = try await scene.attach(Self.target("console"))
    #expect(try await older.text(until: "first") == "to the first")
    let former = SocketStream(owning: await first)
    _ = fcntl(await first, F_SETFL, O_NONBLOCK)
    async let second = scene.console.answer("to the second")
    let newer = try await scene.attach(Self.target("console"))
    #expect(try await newer.text(until: "second") == "to the second")
    let present = SocketStream(owning: await second)
    // The older one is dropped without a word, which virtctl tells its user of; QEMU sees its end.
    #expect(try await older.receive() == nil)
    #expect(try await former.read(1) == [])
    withExtendedLifetime(present) {}
    await scene.stop()
  }

  @Test func clientThatLeavesFreesTheConsole() async throws {
    let scene = try await Scene()
    let lock = MachinePaths(scene.lab.paths, machine: "pxe").consoleLock
    async let accepted = scene.console.answer("$ ")
    let client = try await scene.attach(Self.target("console"))
    let machine = SocketStream(owning: await accepted)
    _ = fcntl(await accepted, F_SETFL, O_NONBLOCK)
    #expect(FileLock.isHeld(path: lock))
    try await client.send([0x03, 0xe8], opcode: 8)
    _ = try await client.text(until: "\u{0}")
    #expect(try await machine.read(1) == [])
    while FileLock.isHeld(path: lock) { await Task.yield() }
    await scene.stop()
  }

  @Test func consoleEndsWithItsMachine() async throws {
    let scene = try await Scene()
    async let accepted = scene.console.answer("bye")
    let client = try await scene.attach(Self.target("console"))
    #expect(try await client.text(until: "bye") == "bye")
    close(await accepted)
    #expect(try await client.receive() == nil)
    await scene.stop()
  }

  @Test func consoleOfPxelabIsNotTaken() async throws {
    let scene = try await Scene()
    let path = MachinePaths(scene.lab.paths, machine: "pxe").consoleLock
    guard let lock = try FileLock(path: path) else {
      Issue.record("the lock is somebody else's")
      return
    }
    let client = try await scene.attach(Self.target("console"))
    let answer = await client.answer
    #expect(answer.hasPrefix("HTTP/1.1 409 ") && answer.contains("`pxelab console`"))
    _ = consume lock
    await scene.stop()
  }

  @Test func screenIsWhereTheMachinesUserHasIt() async throws {
    for isUsersOwn in [false, true] {
      let scene = try await Scene(isUsersOwn: isUsersOwn)
      async let accepted = scene.screen.answer("RFB 003.008\n")
      let client = try await scene.attach(Self.target("vnc") + "?preserveSession=false")
      #expect(try await client.text(until: "\n") == "RFB 003.008\n")
      let denied = try await scene.attach(Self.target("vnc") + "?preserveSession=true")
      let answer = await denied.answer
      #expect(answer.hasPrefix("HTTP/1.1 409 "))
      #expect(answer.contains("Active VNC connection. Request denied."))
      close(await accepted)
      await scene.stop()
    }
  }

  @Test func machineThatDoesNotListenIsSaid() async throws {
    let scene = try await Scene()
    let folder = scene.lab.paths.machine("pxe")
    try Files.remove("\(folder)/console.sock")
    let answer = await (try await scene.attach(Self.target("console"))).answer
    #expect(answer.hasPrefix("HTTP/1.1 500 ") && answer.contains("no such file or directory"))
    #expect(!FileLock.isHeld(path: MachinePaths(scene.lab.paths, machine: "pxe").consoleLock))
    await scene.stop()
  }

  @Test func refusalsComeBeforeTheHandshake() async throws {
    let none: ObjectNode = [
      "domain": [
        "devices": ["autoattachSerialConsole": false, "autoattachGraphicsDevice": false]
      ]
    ]
    let scene = try await Scene(spec: none)
    for (request, reason) in [
      ("console", "No serial consoles are present."), ("vnc", "No graphics devices are present."),
    ] {
      let answer = await (try await scene.attach(Self.target(request))).answer
      #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains(reason))
    }
    await scene.stop()
    let other = try await Scene()
    let plain = try await other.lab.refusal("GET", Self.target("console"))
    #expect(plain.status == 400 && plain.message.contains("field connection does not say upgrade"))
    await other.stop()
  }
}
