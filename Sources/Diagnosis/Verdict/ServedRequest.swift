import Addresses

/// A request that came over TLS, by the server's own logs: the wire does not show it.
public struct ServedRequest: Codable, Hashable, Sendable {
  /// The client's address.
  public var client: IPAddress
  /// The client's port, by which the connection is found on the wire.
  public var clientPort: UInt16
  /// `GET` or `HEAD`.
  public var method: String
  /// The path that was asked for.
  public var path: String
  /// The status that was answered.
  public var status: Int

  /// A request.
  public init(client: IPAddress, clientPort: UInt16, method: String, path: String, status: Int) {
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
