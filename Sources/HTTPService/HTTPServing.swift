import NIOHTTP1

/// What all connections of a server share: who may ask, how much, and who answers.
struct HTTPServing: Sendable {
  let limits: HTTPLimits
  let census: ConnectionCensus
  let doorkeeper: HTTPDoorkeeper
  let handler: HTTPHandler
  let refused: HTTPRefusalHandler

  /// Why a request is refused before its body comes in; `nil` when it may go on.
  func refusal(of head: HTTPRequestHead, from peer: HTTPPeer?) -> (status: Int, text: String)? {
    if let refusal = doorkeeper(HTTPFields(head.headers), peer) { return refusal }
    let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    return length > limits.bodyBytes ? longBody : nil
  }

  /// The refusal of a body that is too long.
  var longBody: (status: Int, text: String) { (413, "a body may have \(limits.bodyBytes) bytes") }

  /// The refusal of a request that finds no place in the census.
  var crowd: (status: Int, text: String) {
    (503, "\(limits.requests) requests are being answered already; try again later")
  }

  /// Whether the client waits to be told that it may send the body.
  static func expectsContinue(_ head: HTTPRequestHead) -> Bool {
    head.headers.first(name: "expect")?.lowercased() == "100-continue"
  }

  /// A request as the handler sees it.
  static func request(
    _ head: HTTPRequestHead, _ body: [UInt8], from peer: HTTPPeer?
  ) -> HTTPRequest {
    HTTPRequest(
      method: head.method.rawValue, target: head.uri, fields: HTTPFields(head.headers), body: body,
      peer: peer)
  }

  /// Answers a request, and frees the place that it has in the census.
  ///
  /// - Returns: whether all of the answer is written.
  func answer(_ request: HTTPRequest, by writer: ResponseWriter) async -> Bool {
    let response: HTTPResponse
    do {
      response = try await handler(request)
    } catch {
      response = HTTPResponse(status: 500, text: "\(error)")
    }
    let isWhole = await writer.write(response)
    census.endRequest()
    return isWhole
  }
}

extension HTTPFields {
  fileprivate init(_ headers: HTTPHeaders) {
    self.init(headers.map { (name: $0.name, value: $0.value) })
  }
}
