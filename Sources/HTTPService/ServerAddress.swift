/// Where a server listens.
package enum ServerAddress: Sendable, Equatable, CustomStringConvertible {
  /// A unix socket, which the given users may speak to; a socket of this name that is there already is
  /// replaced.
  case unix(path: String, users: Set<UInt32>)
  /// A TCP port of a numeric address; port 0 is any free one.
  case tcp(address: String, port: Int)

  /// The path, or `address:port`.
  package var description: String {
    switch self {
    case .unix(let path, _): path
    case .tcp(let address, let port): "\(address):\(port)"
    }
  }
}
