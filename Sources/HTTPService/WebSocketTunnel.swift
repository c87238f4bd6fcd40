/// The answer to a request for a WebSocket (RFC 6455): from then on messages go both ways.
package struct WebSocketTunnel: Sendable {
  let handshake: WebSocketHandshake
  let carry: @Sendable (WebSocketStream) async throws -> Void

  /// Grants a request.
  ///
  /// - Parameter carry: carries the messages. Its end ends the connection, without a frame that says so,
  ///   and so does its failure. Its task is cancelled when the client is gone.
  package init(
    _ handshake: WebSocketHandshake,
    carry: @escaping @Sendable (WebSocketStream) async throws -> Void
  ) {
    self.handshake = handshake
    self.carry = carry
  }
}

/// A request for a WebSocket that can be granted.
package struct WebSocketHandshake: Sendable {
  /// The subprotocol that both speak; `nil` where the client has named none that is known.
  package let subprotocol: String?

  /// Looks at a request.
  ///
  /// - Parameter subprotocols: those that are spoken.
  /// - Throws: ``WebSocketRefusal`` when the request asks for no WebSocket, or not as this server can.
  package init(_ request: HTTPRequest, subprotocols: [String]) throws(WebSocketRefusal) {
    func values(_ name: String) -> [String] {
      request.fields.all.filter { $0.name.lowercased() == name }
        .flatMap { $0.value.split(separator: ",") }
        .map { $0.trimming(while: { $0 == " " || $0 == "\t" }) }
    }
    guard request.method == "GET" else {
      throw WebSocketRefusal(description: "a WebSocket is asked for by GET")
    }
    for (name, wanted) in [("connection", "upgrade"), ("upgrade", "websocket")] {
      guard values(name).contains(where: { $0.lowercased() == wanted }) else {
        throw WebSocketRefusal(
          description: "here is a WebSocket, and the request's field \(name) does not say \(wanted)"
        )
      }
    }
    guard values("sec-websocket-version") == ["13"] else {
      throw WebSocketRefusal(description: "this is a server of WebSockets of version 13")
    }
    // 16 bytes in base64 (RFC 6455 section 4.1).
    guard let key = values("sec-websocket-key").first, values("sec-websocket-key").count == 1,
      key.utf8.count == 24, key.hasSuffix("==")
    else {
      throw WebSocketRefusal(description: "the field sec-websocket-key has not 16 bytes in base64")
    }
    let offered = values("sec-websocket-protocol")
    subprotocol = subprotocols.first { offered.contains($0) }
  }
}

/// Why a request gets no WebSocket.
package struct WebSocketRefusal: Error, Sendable, CustomStringConvertible {
  package let description: String
}

extension Substring {
  fileprivate func trimming(while isLeftOut: (Character) -> Bool) -> String {
    var text = drop(while: isLeftOut)
    while let last = text.last, isLeftOut(last) { text.removeLast() }
    return String(text)
  }
}
