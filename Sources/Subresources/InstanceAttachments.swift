import APIServer
import FileSystem
import Glibc
import HTTPService
import Kinds
import Objects
import Planning
import Reconciliation
import Sockets
import Synchronization

/// Attaches clients to the consoles and screens of machines, by WebSockets that carry their bytes.
struct InstanceAttachments: Sendable {
  /// The subprotocol in which messages are the bytes alone (KubeVirt,
  /// staging/src/kubevirt.io/client-go/kubevirt, websocket.go).
  private static let subprotocol = "plain.kubevirt.io"
  /// Bytes that are read of a machine at once.
  private static let pieceBytes = 8 << 10
  /// More than any datagram has (RFC 768, the length).
  private static let datagramBytes = 65_535

  let paths: LabPaths
  private let sessions = AttachedSessions()

  init(paths: LabPaths) {
    self.paths = paths
  }

  /// Attaches a client to the serial console, of which QEMU serves one at a time.
  ///
  /// - Throws: `StatusError`; `FileError`, `CancellationError`.
  func console(of boot: Boot, _ asked: APIServer.SubresourceRequest) async throws -> HTTPResponse {
    let handshake = try Self.handshake(asked.http)
    let machine = MachinePaths(paths, machine: boot.spec.title)
    let hold = await sessions.take(place(boot, .console))
    guard let lock = try FileLock(path: machine.consoleLock) else {
      throw StatusError(
        409, "Conflict",
        "somebody is attached to the console of \(boot.spec.title) by `pxelab console`, from where "
          + "it cannot be taken")
    }
    let console = LockedHold(lock, hold)
    let socket = try await Self.connect(to: machine.consoleSocket, "console", boot)
    return Self.response(handshake) { client in
      try await console.run { try await Self.carry(client, socket) }
    }
  }

  /// Attaches a client to the screen (RFB).
  ///
  /// - Throws: `StatusError`; `CancellationError`.
  func screen(of boot: Boot, _ asked: APIServer.SubresourceRequest) async throws -> HTTPResponse {
    let handshake = try Self.handshake(asked.http)
    let place = place(boot, .vnc)
    if try asked.query.boolean("preserveSession") == true, sessions.isTaken(place) {
      throw StatusError(409, "Conflict", "Active VNC connection. Request denied.")
    }
    let hold = await sessions.take(place)
    let machine = MachinePaths(paths, machine: boot.spec.title)
    let socket = try await Self.connect(
      to: machine.screenSockets.first(where: Files.exists) ?? machine.screenSockets[0], "screen",
      boot)
    return Self.response(handshake) { client in
      try await hold.run { try await Self.carry(client, socket) }
    }
  }

  private func place(_ boot: Boot, _ request: InstanceRequest) -> AttachedSessions.Place {
    AttachedSessions.Place(instance: boot.spec.instanceUID, request: request.rawValue)
  }

  static func handshake(
    _ request: HTTPRequest
  ) throws(StatusError) -> WebSocketHandshake {
    do {
      return try WebSocketHandshake(request, subprotocols: [subprotocol])
    } catch {
      throw .badRequest(error.description)
    }
  }

  private static func connect(
    to path: String, _ what: String, _ boot: Boot
  ) async throws -> SocketStream {
    do {
      return try await SocketStream.connect(to: path)
    } catch let error as SocketError {
      throw StatusError(
        500, "InternalError",
        "Internal error occurred: the \(what) of \(boot.spec.title) at \(path) does not answer: "
          + "\(error)")
    }
  }

  static func response(
    _ handshake: WebSocketHandshake,
    _ carry: @escaping @Sendable (WebSocketStream) async throws -> Void
  ) -> HTTPResponse {
    HTTPResponse(status: 101, body: .webSocket(WebSocketTunnel(handshake, carry: carry)))
  }

  /// Carries bytes both ways until either end is closed. Datagrams are messages, each whole, and none of
  /// them is the end.
  static func carry(
    _ client: WebSocketStream, _ machine: SocketStream, by transport: SocketStream.Transport = .tcp
  ) async throws {
    // QEMU serves the next client when this one is gone.
    defer { machine.shutDown() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        while true {
          let bytes = try await machine.read(transport == .udp ? datagramBytes : pieceBytes)
          guard !bytes.isEmpty || transport == .udp else { return }
          try await client.write(bytes)
        }
      }
      group.addTask { try await client.receive { try await machine.write($0) } }
      defer { group.cancelAll() }
      _ = try await group.next()
    }
  }

  /// A place that is locked against other programs too: it is unlocked before the next client comes.
  private final class LockedHold: Sendable {
    private let lock: Mutex<FileLock?>
    private let hold: AttachedSession.Hold

    init(_ lock: consuming sending FileLock, _ hold: AttachedSession.Hold) {
      self.lock = Mutex(lock)
      self.hold = hold
    }

    deinit { unlock() }

    func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
      try await hold.run {
        defer { self.unlock() }
        try await body()
      }
    }

    private func unlock() { lock.withLock { $0 = nil } }
  }
}
