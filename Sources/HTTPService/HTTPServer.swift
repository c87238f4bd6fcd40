import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Answers a request. What it throws is answered with 500. Its task is cancelled when the client is
/// gone.
package typealias HTTPHandler = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// Refuses a request by its head, before its body comes in; `nil` lets it in.
package typealias HTTPDoorkeeper = @Sendable (HTTPFields, HTTPPeer?) -> (status: Int, text: String)?

/// Is told of what a server refuses by itself: whom, and why.
package typealias HTTPRefusalHandler = @Sendable (HTTPPeer?, String) -> Void

/// An HTTP server (RFC 9110) on unix sockets and TCP ports: of HTTP/1.1 (RFC 9112), and of HTTP/2 (RFC 9113)
/// where a client asks for that by TLS.
///
/// Its clients need not be trusted: all that they can make it hold or wait for is bounded.
package final class HTTPServer: Sendable {
  private let listeners: [any Channel]
  private let census: ConnectionCensus

  /// The TCP ports in the order of the addresses; 0 for a unix socket.
  package var ports: [Int] { listeners.map { $0.localAddress?.port ?? 0 } }

  private init(_ listeners: [any Channel], _ census: ConnectionCensus) {
    self.listeners = listeners
    self.census = census
  }

  /// Starts to listen on all addresses, or on none; the server goes on until it is stopped. The limits
  /// are for all of them together.
  ///
  /// - Throws: ``HTTPServerError``.
  package static func start(
    on addresses: [ServerAddress], limits: HTTPLimits = HTTPLimits(),
    doorkeeper: @escaping HTTPDoorkeeper = { _, _ in nil },
    refused: @escaping HTTPRefusalHandler = { _, _ in }, handler: @escaping HTTPHandler
  ) async throws(HTTPServerError) -> HTTPServer {
    let census = ConnectionCensus(limits: limits)
    let serving = HTTPServing(
      limits: limits, census: census, doorkeeper: doorkeeper, handler: handler, refused: refused)
    var listeners: [any Channel] = []
    for address in addresses {
      do {
        listeners.append(try await listen(on: address, serving))
      } catch {
        // It can only be closed already.
        for listener in listeners { try? await listener.close() }
        throw error as? HTTPServerError
          ?? HTTPServerError(description: "cannot listen on \(address): \(error)")
      }
    }
    return HTTPServer(listeners, census)
  }

  /// Waits until the server is stopped or the task is cancelled.
  ///
  /// - Throws: ``HTTPServerError`` when it has ended to listen on an address without being stopped.
  package func wait() async throws(HTTPServerError) {
    let (ends, end) = AsyncStream.makeStream(of: Void.self)
    for listener in listeners { listener.closeFuture.whenComplete { _ in end.yield() } }
    for await _ in ends { break }
    guard census.isClosed || Task.isCancelled else {
      throw HTTPServerError(description: "the server listens no longer")
    }
  }

  /// The connections that are open now.
  package var connections: Int { census.connections }

  /// Ends the server: no new connections, idle ones are closed, streams end, answers are finished
  /// within the grace, and what is not done then is broken off. Returns when all is closed.
  package func stop(grace: Duration = .seconds(5)) async {
    let connections = census.close()
    // It can only be closed already.
    for listener in listeners { try? await listener.close() }
    for connection in connections { connection.end() }
    let deadline = Task { [census] in
      try await Task.sleep(for: grace)
      for connection in census.open { connection.abort() }
    }
    await census.waitUntilEmpty()
    deadline.cancel()
  }
}
