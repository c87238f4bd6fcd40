import HTTPService
import Mutations
import Sockets
import TestSockets
import Testing

/// Requests with bytes changed: whatever comes, the server answers or ends the connection, and goes on.
@Suite struct RequestMutationTests {
  @Test func changedRequestsAreAnsweredOrEnded() async throws {
    var limits = HTTPLimits()
    limits.requestTime = .milliseconds(50)
    limits.idleTime = .milliseconds(50)
    limits.lingerTime = .milliseconds(50)
    let server = try await TestServer(limits: limits) { request in
      HTTPResponse(status: 200, text: request.target)
    }
    let seeds = [
      "GET /api/v1/pods?watch=true HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\n\r\n",
      "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\nhello world",
      "PUT /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nUpgrade: y\r\nConnection: upgrade\r\n\r\n",
    ]
    var numbers = RepeatableNumbers(seed: 12)
    for _ in 0..<25 {
      let requests = (0..<24).map { numbers.changed(Array(seeds[$0 % seeds.count].utf8)) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for request in requests {
          group.addTask {
            let stream = try await SocketStream.connect(to: server.path)
            try? await stream.write(request)
            let answer = try await stream.text()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1."))
          }
        }
        try await group.waitForAll()
      }
    }
    await until { server.server.connections == 0 }
    // One that is slower than these limits allow asks again.
    await until { (try? await server.exchange("GET / HTTP/1.0\r\n\r\n"))?.status == 200 }
    await server.server.stop()
  }
}
