import FileSystem
import Glibc
import HTTPService
import Objects
import Sockets
import TestSockets
import Testing

@testable import Subresources

/// `virtctl port-forward`, and what is said where there is nothing to connect to.
@Suite(.timeLimit(.minutes(5))) struct PortForwardingTests {
  private static let group = "/apis/subresources.kubevirt.io/v1/namespaces/default"

  /// A lab's API on a socket, with a machine that has leased this machine's own address.
  private final class Scene: Sendable {
    let lab: TestLab
    let server: HTTPServer

    init(
      _ interfaces: [ObjectNode] = [["mac": "02:00:00:00:00:01"], ["mac": "de:00:00:00:00:de"]],
      leases: String = "0 de:00:00:00:00:de 127.0.0.1 * *\n"
    ) async throws {
      lab = try await TestLab()
      try await lab.makeRunningMachine(
        spec: ["networks": [["name": "pxe", "multus": ["networkName": "net"]]]],
        interfaces: interfaces)
      try await lab.make(
        .virtualMachines,
        [
          "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine",
          "metadata": ["name": "pxe", "namespace": "default"], "spec": [:],
          "status": ["created": true],
        ])
      try lab.append("duid 00:01\n" + leases, to: "\(lab.folder)/server-net/leases")
      try Files.makeFolder(lab.networkNamespaces)
      try Files.link("\(lab.networkNamespaces)/net", to: "/proc/self/ns/net")
      let api = lab.api
      server = try await HTTPServer.start(
        on: [.unix(path: "\(lab.folder)/api.sock", users: [getuid()])]
      ) { await api.answer($0) }
    }

    func attach(_ path: String) async throws -> WebSocketClient {
      try await WebSocketClient(
        socket: "\(lab.folder)/api.sock", target: "\(PortForwardingTests.group)/\(path)")
    }

    func stop() async { await server.stop(grace: .zero) }
  }

  @Test(
    .enabled(if: getuid() == 0, "only root may enter a network namespace"),
    arguments: [
      "virtualmachineinstances/pxe/portforward/PORT", "virtualmachines/pxe/portforward/PORT/tcp",
    ])
  func bytesGoBothWays(_ path: String) async throws {
    let scene = try await Scene()
    let listener = try LoopbackListener(port: 0)
    let client = try await scene.attach(path.replacing("PORT", with: "\(listener.port)"))
    let guest = try await listener.accept().stream
    #expect(await client.answer.contains("plain.kubevirt.io"))
    try await guest.write(Array("SSH-2.0-guest\n".utf8))
    #expect(try await client.text(until: "\n") == "SSH-2.0-guest\n")
    try await client.send(Array("hello".utf8))
    #expect(try await guest.text(until: "hello") == "hello")
    guest.shutDown()
    #expect(try await client.receive() == nil)
    await scene.stop()
  }

  @Test(.enabled(if: getuid() == 0, "only root may enter a network namespace"))
  func aPortAtWhichNobodyListensIsSaid() async throws {
    let scene = try await Scene()
    let held = try HeldPort()
    let port = held.number
    let path = "virtualmachineinstances/pxe/portforward/\(port)/tcp"
    let answer = await (try await scene.attach(path)).answer
    #expect(answer.hasPrefix("HTTP/1.1 500 "))
    let reason =
      "Internal error occurred: dialing VM: dial tcp 127.0.0.1:\(port): connect: connection refused"
    #expect(answer.contains(reason), "\(answer)")
    await scene.stop()
    held.release()
  }

  /// A server that keeps no file of its leases: the address was seen on the wire.
  @Test(.enabled(if: getuid() == 0, "only root may enter a network namespace"))
  func aGuestIsReachedAtTheAddressOfItsStatus() async throws {
    let interface: ObjectNode = [
      "name": "pxe", "mac": "de:00:00:00:00:de", "ipAddress": "127.0.0.1",
    ]
    let ended = "1000 de:00:00:00:00:de 127.0.0.9 * *\n"
    let scene = try await Scene([interface], leases: ended)
    let listener = try LoopbackListener(port: 0)
    let client = try await scene.attach(
      "virtualmachineinstances/pxe/portforward/\(listener.port)/tcp")
    let guest = try await listener.accept().stream
    try await client.send(Array("hello".utf8))
    #expect(try await guest.text(until: "hello") == "hello")
    guest.shutDown()
    await scene.stop()
  }

  @Test(.enabled(if: getuid() == 0, "only root may enter a network namespace"))
  func datagramsStayWhole() async throws {
    let scene = try await Scene()
    let guest = try HeldPort(SOCK_DGRAM)
    let client = try await scene.attach(
      "virtualmachineinstances/pxe/portforward/\(guest.number)/udp")
    try await client.send(Array("ask".utf8))
    let large = [UInt8](repeating: 7, count: 60_000)
    let (asked, sent) = try await guest.answer(with: [[], large])
    #expect(asked == Array("ask".utf8) && sent == [0, large.count])
    #expect(try await client.receive()?.payload == [])
    #expect(try await client.receive()?.payload == large)
    await scene.stop()
    guest.release()
  }

  /// A file that cannot be read is said: it is not a guest without an address.
  @Test func aLeaseFileThatCannotBeReadIsSaid() async throws {
    let scene = try await Scene()
    let leases = "\(scene.lab.folder)/server-net/leases"
    try Files.remove(leases)
    try Files.makeFolder(leases)
    let answer = await (try await scene.attach("virtualmachineinstances/pxe/portforward/22/tcp"))
      .answer
    #expect(
      answer.hasPrefix("HTTP/1.1 500 ") && answer.contains("cannot read \(leases)"), "\(answer)")
    await scene.stop()
  }

  @Test(arguments: [
    ("virtualmachineinstances/pxe/portforward/22/sctp", 500, "unknown network sctp"),
    ("virtualmachineinstances/pxe/portforward/ssh/tcp", 500, "address ssh: invalid port"),
    ("virtualmachineinstances/pxe/portforward/65536", 500, "invalid port"),
    (
      "virtualmachineinstances/nosuch/portforward/22/tcp", 404,
      #"virtualmachineinstance.kubevirt.io \"nosuch\" not found"#
    ),
    (
      "virtualmachines/nosuch/portforward/22/tcp", 404,
      #"virtualmachine.kubevirt.io \"nosuch\" not found"#
    ),
  ])
  func refusals(_ path: String, _ code: Int, _ reason: String) async throws {
    let scene = try await Scene()
    let answer = await (try await scene.attach(path)).answer
    #expect(answer.hasPrefix("HTTP/1.1 \(code) ") && answer.contains(reason), "\(answer)")
    await scene.stop()
  }

  @Test func aGuestWithoutAnAddressIsNotReached() async throws {
    let path = "virtualmachineinstances/pxe/portforward/22/tcp"
    let scene = try await Scene(leases: "0 de:00:00:00:00:df 127.0.0.1 * *\n")
    let answer = await (try await scene.attach(path)).answer
    #expect(
      answer.hasPrefix("HTTP/1.1 500 ") && answer.contains("none of the interfaces of pxe"),
      "\(answer)")
    await scene.stop()
    let other = try await Scene([])
    let none = await (try await other.attach(path)).answer
    #expect(
      none.hasPrefix("HTTP/1.1 400 ") && none.contains("no network interfaces are present"),
      "\(none)")
    await other.stop()
  }
}
