import FileSystem
import Glibc
import HTTPService
import Sockets
import Synchronization
import TestSockets

/// A server on a socket in a folder that goes with the test.
final class TestServer: Sendable {
  let folder: String
  let server: HTTPServer
  var path: String { "\(folder)/socket" }

  init(
    limits: HTTPLimits = .patient, users: Set<UInt32> = [getuid()],
    handler: @escaping HTTPHandler
  ) async throws {
    folder = try Files.makeUniqueFolder("/tmp/pxelab-http-test.")
    server = try await HTTPServer.start(
      on: [.unix(path: "\(folder)/socket", users: users)], limits: limits, handler: handler)
  }

  deinit { try? Files.remove(folder) }

  /// Sends bytes, and returns all that comes back until the server ends the connection.
  func exchange(_ text: String) async throws -> String {
    let stream = try await SocketStream.connect(to: path)
    // A server that refuses early may not take all.
    try? await stream.write(Array(text.utf8))
    return try await stream.text()
  }
}

extension HTTPLimits {
  /// The usual limits with times that no busy machine needs.
  static let patient: HTTPLimits = {
    var limits = HTTPLimits()
    limits.handshakeTime = .seconds(3600)
    limits.requestTime = .seconds(3600)
    limits.idleTime = .seconds(3600)
    limits.stallTime = .seconds(3600)
    limits.lingerTime = .seconds(3600)
    return limits
  }()
}

extension String {
  /// The status code of an answer.
  var status: Int? { split(separator: " ").dropFirst().first.flatMap { Int($0) } }
  /// The body of an answer.
  var body: String { firstRange(of: "\r\n\r\n").map { String(self[$0.upperBound...]) } ?? "" }
}

/// Chunks as they are given, which wait when there are none.
final class Tap: AsyncSequence, Sendable {
  typealias Element = [UInt8]

  private let stream: AsyncStream<[UInt8]>
  private let continuation: AsyncStream<[UInt8]>.Continuation
  private let counts = Mutex((begun: 0, ended: 0))

  init() {
    (stream, continuation) = AsyncStream.makeStream()
  }

  /// Readers that have begun.
  var begun: Int { counts.withLock { $0.begun } }
  /// Readers that have come to an end.
  var ended: Int { counts.withLock { $0.ended } }

  func send(_ text: String) { continuation.yield(Array(text.utf8)) }
  func finish() { continuation.finish() }

  func makeAsyncIterator() -> Iterator {
    counts.withLock { $0.begun += 1 }
    return Iterator(base: stream.makeAsyncIterator(), tap: self)
  }

  struct Iterator: AsyncIteratorProtocol {
    var base: AsyncStream<[UInt8]>.Iterator
    let tap: Tap

    mutating func next() async throws -> [UInt8]? {
      let next = await base.next()
      if next == nil { tap.counts.withLock { $0.ended += 1 } }
      return next
    }
  }
}

/// Chunks without end, counted; one is made when it is asked for.
final class Fountain: AsyncSequence, Sendable {
  typealias Element = [UInt8]

  let made = Mutex(0)
  let ended = Mutex(false)

  func makeAsyncIterator() -> Iterator { Iterator(fountain: self) }

  struct Iterator: AsyncIteratorProtocol {
    let fountain: Fountain

    mutating func next() async throws -> [UInt8]? {
      guard !Task.isCancelled else {
        fountain.ended.withLock { $0 = true }
        return nil
      }
      fountain.made.withLock { $0 += 1 }
      return [UInt8](repeating: 0x2e, count: 64 << 10)
    }
  }
}

/// Lets other tasks run until something holds.
func until(_ holds: () async -> Bool) async {
  while !(await holds()) { await Task.yield() }
}

/// Returns when the task is cancelled.
func untilCancelled() async {
  let (stream, continuation) = AsyncStream<Void>.makeStream()
  for await _ in stream {}
  continuation.finish()
}
