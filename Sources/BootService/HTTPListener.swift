import Addresses
import FlyingFox
import FlyingSocks
import Foundation

/// The library that speaks HTTP; nothing else in this target knows it.
struct HTTPListener {
  let handler: any BootRequestHandler

  /// Listens until cancelled; `ready` is called with the ports when all addresses are listened on.
  func run(
    on addresses: [String], port: UInt16, ready: ([UInt16]) async throws -> Void
  ) async throws {
    var servers: [HTTPServer] = []
    for text in addresses {
      let server =
        text.contains(":")
        ? HTTPServer(address: try .inet6(ip6: text, port: port), logger: .disabled)
        : HTTPServer(address: try .inet(ip4: text, port: port), logger: .disabled)
      await server.appendRoute("*") { [handler] request in
        response(to: await handler.answer(to: BootRequest(request)))
      }
      servers.append(server)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      for server in servers {
        group.addTask { try await server.run() }
        try await server.waitUntilListening()
      }
      var ports: [UInt16] = []
      for server in servers {
        switch await server.listeningAddress {
        case .ip4(_, let port), .ip6(_, let port): ports.append(port)
        case .unix, nil: break
        }
      }
      try await ready(ports)
      try await group.waitForAll()
    }
  }
}

extension BootRequest {
  fileprivate init(_ request: HTTPRequest) {
    self.init(
      method: request.method.rawValue, path: request.path, range: request.headers[.range],
      contentLength: request.headers[.contentLength].flatMap { Int($0) },
      client: request.remoteAddress.flatMap(Client.init))
  }
}

extension BootRequest.Client {
  fileprivate init?(_ end: HTTPRequest.Address) {
    guard case .ip4(let text, let port) = end else {
      guard case .ip6(let text, let port) = end,
        // A link-local address has its interface behind it.
        let address = IPAddress(String(text.prefix { $0 != "%" }))
      else { return nil }
      self.init(address: address, port: port)
      return
    }
    guard let address = IPAddress(text) else { return nil }
    self.init(address: address, port: port)
  }
}

private func response(to answer: BootAnswer) -> HTTPResponse {
  let status = HTTPStatusCode(answer.status, phrase: phrases[answer.status] ?? "")
  var headers = HTTPHeaders()
  for (name, value) in answer.headers { headers[HTTPHeader(name)] = value }
  guard let file = answer.file else { return HTTPResponse(statusCode: status, headers: headers) }
  headers[.contentLength] = "\(file.length)"
  guard !file.bytes.isEmpty else { return HTTPResponse(statusCode: status, headers: headers) }
  do {
    let body = try HTTPBodySequence(file: URL(fileURLWithPath: file.path), range: file.bytes)
    return HTTPResponse(statusCode: status, headers: headers, body: body)
  } catch {
    return HTTPResponse(statusCode: HTTPStatusCode(404, phrase: "Not Found"))
  }
}

private let phrases = [
  200: "OK", 204: "No Content", 206: "Partial Content", 400: "Bad Request", 403: "Forbidden",
  404: "Not Found", 405: "Method Not Allowed", 413: "Content Too Large",
  416: "Range Not Satisfiable", 500: "Internal Server Error", 507: "Insufficient Storage",
]
