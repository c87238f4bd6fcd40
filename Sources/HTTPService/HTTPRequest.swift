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
  /// Who asks; `nil` where that is not known.
  package var peer: HTTPPeer?

  /// A request.
  package init(
    method: String, target: String, fields: HTTPFields = [:], body: [UInt8] = [],
    peer: HTTPPeer? = nil
  ) {
    self.method = method
    self.target = target
    self.fields = fields
    self.body = body
    self.peer = peer
  }
}
