import Addresses

/// What a client asks the HTTP server for: what of a request has a bearing on booting, whichever
/// library has read it.
package struct BootRequest: Hashable, Sendable {
  /// The method as it was sent: `GET`, `HEAD`, `POST`.
  package var method: String
  /// The path, percent-decoded, without the query.
  package var path: String
  /// The `Range` header.
  package var range: String?
  /// The length of the body as the `Content-Length` header has it; `nil` without one.
  package var contentLength: Int?
  /// Whence it came; `nil` where that is not known.
  package var client: Client?

  /// The far end of a connection.
  package struct Client: Hashable, Sendable {
    /// The address.
    package var address: IPAddress
    /// The TCP port.
    package var port: UInt16

    /// A far end.
    package init(address: IPAddress, port: UInt16) {
      self.address = address
      self.port = port
    }
  }

  /// A request.
  package init(
    method: String, path: String, range: String? = nil, contentLength: Int? = nil,
    client: Client? = nil
  ) {
    self.method = method
    self.path = path
    self.range = range
    self.contentLength = contentLength
    self.client = client
  }
}

/// What a request is answered with.
package struct BootAnswer: Hashable, Sendable {
  /// A file, or a part of one.
  package struct File: Hashable, Sendable {
    /// Its path.
    package var path: String
    /// The bytes that are sent; none of them for HEAD.
    package var bytes: Range<Int>
    /// The length that the client is told of.
    package var length: Int
  }

  /// The status (RFC 9110, section 15).
  package var status: Int
  /// Further headers.
  package var headers: [String: String]
  /// What is sent after them.
  package var file: File?

  /// An answer.
  package init(status: Int, headers: [String: String] = [:], file: File? = nil) {
    self.status = status
    self.headers = headers
    self.file = file
  }
}

/// What answers requests; a library's HTTP server stands before it.
package protocol BootRequestHandler: Sendable {
  /// The answer to a request; every failure is one too.
  func answer(to request: BootRequest) async -> BootAnswer
}
