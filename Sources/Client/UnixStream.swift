import Dispatch
import Glibc
import Synchronization

/// A connection to a unix socket, for one task at a time. Its descriptor is closed with it.
///
/// Nothing blocks a thread; a task that waits and is cancelled goes on at once.
final class UnixStream: Sendable {
  /// The connection failed.
  struct Failure: Error {
    let reason: String

    init(_ code: Int32) {
      reason = String(cString: strerror(code)).lowercased()
    }

    private init(reason: String) {
      self.reason = reason
    }

    /// The other end is gone before all was said.
    static let ended = Failure(reason: "the connection ended before the answer")
  }

  private static let queue = DispatchQueue(label: "pxelab.client")

  private let descriptor: Int32

  private init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Connects.
  ///
  /// - Throws: ``Failure``, `CancellationError`.
  static func connect(to path: String) async throws -> UnixStream {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Failure(ENAMETOOLONG)
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_UNIX, kind | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Failure(errno) }
    let stream = UnixStream(descriptor: descriptor)
    var pause = Duration.milliseconds(1)
    while true {
      let result = withUnsafePointer(to: &address) { address in
        address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      if result == 0 { return stream }
      // The server's queue is full; nothing tells when it is not (connect(2), EAGAIN).
      guard errno == EAGAIN || errno == EINTR else { throw Failure(errno) }
      try await Task.sleep(for: pause)
      pause = min(pause * 2, .milliseconds(100))
    }
  }

  /// Sends bytes.
  ///
  /// - Throws: ``Failure``, `CancellationError`.
  func write(_ bytes: [UInt8]) async throws {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno == EAGAIN {
        let source = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: Self.queue)
        try await Readiness(source).wait()
      } else if errno != EINTR {
        throw Failure(errno)
      }
    }
  }

  /// Up to so many bytes as soon as there are some; none at the end.
  ///
  /// - Throws: ``Failure``, `CancellationError`.
  func read(_ limit: Int) async throws -> [UInt8] {
    while true {
      var code: Int32 = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
        let received = recv(descriptor, buffer.baseAddress, limit, 0)
        code = received < 0 ? errno : 0
        count = max(0, received)
      }
      switch code {
      case 0: return bytes
      case EINTR: continue
      case EAGAIN:
        let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: Self.queue)
        try await Readiness(source).wait()
      default: throw Failure(code)
      }
    }
  }
}

/// One wait for a descriptor, by a dispatch source that is used once.
private final class Readiness: Sendable {
  private enum State {
    case new
    case waiting(CheckedContinuation<Void, Never>)
    case over
  }

  // Dispatch sources may be used from every thread; their type does not say so.
  private nonisolated(unsafe) let source: any DispatchSourceProtocol
  private let state = Mutex(State.new)

  init(_ source: any DispatchSourceProtocol) {
    self.source = source
  }

  /// Returns when the descriptor is ready and the source has let go of it.
  ///
  /// - Throws: `CancellationError`.
  func wait() async throws {
    source.setEventHandler { [self] in source.cancel() }
    // The descriptor may be closed only after this.
    source.setCancelHandler { [self] in over() }
    source.activate()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isOver = state.withLock { state in
          if case .over = state { return true }
          state = .waiting(continuation)
          return false
        }
        if isOver { continuation.resume() }
      }
    } onCancel: {
      source.cancel()
    }
    try Task.checkCancellation()
  }

  private func over() {
    let waiter = state.withLock { state in
      defer { state = .over }
      if case .waiting(let continuation) = state { return Optional(continuation) }
      return nil
    }
    waiter?.resume()
  }
}
