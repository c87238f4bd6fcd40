import Glibc
import HTTPService
import Objects
import Testing

@testable import APIServer
@testable import Client

/// What a client says when something is wrong.
@Suite struct ClientErrorTests {
  @Test func noSocketIsNotReachable() async throws {
    let client = APIClient(socketPath: "/nonexistent/control.sock")
    await #expect(
      throws: APIClientError.notReachable(
        socket: "/nonexistent/control.sock", reason: "no such file or directory")
    ) { try await client.checkHealth() }
  }

  @Test func silentServerIsTimedOut() async throws {
    let api = try await TestAPI()
    api.api.register(.configMaps, "wait", "PUT") { _ in
      await untilCancelled()
      return HTTPResponse()
    }
    let client = APIClient(socketPath: api.path, timeLimit: .milliseconds(50))
    do {
      _ = try await client.call(configMapKey("a"), "wait")
      Issue.record("answered")
    } catch {
      guard case .timedOut(let request, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(request == "PUT /api/v1/namespaces/default/configmaps/a/wait")
    }
    await until { api.server.connections == 0 }
    await api.stop()
  }

  @Test func answerThatIsNoJSONIsNotUnderstood() async throws {
    let api = try await TestAPI()
    let server = try await HTTPServer.start(
      on: [.unix(path: "\(api.folder)/other", users: [getuid()])]
    ) { _ in HTTPResponse(status: 200, text: "hello") }
    let client = APIClient(socketPath: "\(api.folder)/other")
    do {
      _ = try await client.get(configMapKey("a"))
      Issue.record("answered")
    } catch {
      guard case .notUnderstood = error else {
        Issue.record("\(error)")
        return
      }
    }
    await server.stop()
    await api.stop()
  }

  @Test func kindThatNobodyKnowsIsNamed() async throws {
    let client = APIClient(socketPath: "/nonexistent")
    await #expect(throws: APIClientError.unknownKind("Nosuch of a/v1")) {
      try await client.create(["apiVersion": "a/v1", "kind": "Nosuch"])
    }
  }

  @Test func cancelledRequestEndsAndLeavesNothing() async throws {
    let api = try await TestAPI()
    let (started, signal) = AsyncStream<Void>.makeStream()
    api.api.register(.configMaps, "wait", "PUT") { _ in
      signal.yield()
      await untilCancelled()
      return HTTPResponse()
    }
    let task = Task { try await api.client.call(configMapKey("a"), "wait") }
    for await _ in started { break }
    task.cancel()
    await #expect(throws: APIClientError.cancelled) { _ = try await task.value }
    await until { api.server.connections == 0 }
    await api.stop()
  }
}
