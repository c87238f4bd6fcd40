import Addresses

/// A request that came over TLS, by the server's own logs: the wire does not show it.
package struct ServedRequest: Codable, Hashable, Sendable {
  /// The client's address.
  package var client: IPAddress
  /// The client's port, by which the connection is found on the wire.
  package var clientPort: UInt16
  /// `GET` or `HEAD`.
  package var method: String
  /// The path that was asked for.
  package var path: String
  /// The status that was answered.
  package var status: Int

  /// A request.
  package init(client: IPAddress, clientPort: UInt16, method: String, path: String, status: Int) {
    self.client = client
    self.clientPort = clientPort
    self.method = method
    self.path = path
    self.status = status
  }

  /// Whether a file was asked for by GET, and given.
  func delivers(_ file: String) -> Bool {
    method == "GET" && (200...299).contains(status) && ClientTrace.isSame(path, file)
  }
}
