/// A request, its body read.
package struct HTTPRequest: Sendable {
  /// The method: `GET`.
  package var method: String
  /// The request target as it was sent: `/api/v1/pods?watch=true`.
  package var target: String
  /// The fields of the head.
  package var fields: HTTPFields
  /// The body; empty without one.
  package var body: [UInt8]
  /// Who is at the other end of a unix socket; `nil` on TCP.
  package var peer: PeerCredentials?

  /// A request.
  package init(
    method: String, target: String, fields: HTTPFields = [:], body: [UInt8] = [],
    peer: PeerCredentials? = nil
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
    self.peer = peer
  }
}

/// The process at the other end of a unix socket when it connected (unix(7), SO_PEERCRED).
package struct PeerCredentials: Sendable, Equatable {
  /// Its process id, as seen here; 0 when it is not in this PID namespace.
  package var process: Int32
  /// Its effective user id, as seen here.
  package var user: UInt32
}
