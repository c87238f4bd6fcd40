/// The answer to a request.
package struct HTTPResponse: Sendable {
  /// What follows the head.
  package enum Body: Sendable {
    /// Bytes that are there.
    case bytes([UInt8])
    /// A part of a file, which the kernel sends (sendfile(2)); its descriptor is closed afterwards.
    case file(descriptor: Int32, offset: Int, length: Int)
    /// Chunks as they come, each sent before the next is asked for. The stream ends with the
    /// sequence, or when the time is over: then the task that asks for the next chunk is cancelled,
    /// on which the sequence should end. A sequence that throws breaks the connection off.
    case stream(any AsyncSequence<[UInt8], any Error> & Sendable, lasting: Duration?)
    /// No body: the connection becomes a WebSocket. Status and fields are those of the handshake.
    case webSocket(WebSocketTunnel)
  }

  /// The status code: 200.
  package var status: Int
  /// The fields of the head; those about the length and the connection are the server's.
  package var fields: HTTPFields
  /// What follows the head.
  package var body: Body

  /// An answer.
  package init(status: Int = 200, fields: HTTPFields = [:], body: Body = .bytes([])) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// An answer in plain text.
  package init(status: Int, text: String) {
    self.init(
      status: status, fields: ["Content-Type": "text/plain; charset=utf-8"],
      body: .bytes(Array("\(text)\n".utf8)))
  }
}
