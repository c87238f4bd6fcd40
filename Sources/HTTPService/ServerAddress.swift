import Addresses

/// Where a server listens.
package enum ServerAddress: Sendable, CustomStringConvertible {
  /// A unix socket, which the given users may speak to; a socket of this name that is there already is
  /// replaced.
  case unix(path: String, users: Set<UInt32>)
  /// A TCP port; port 0 is any free one. With an identity its clients speak TLS.
  case tcp(address: IPAddress, port: UInt16, TLSIdentity? = nil)
  /// A TCP socket that listens already, such as one that was inherited; the server closes it. Its
  /// clients speak TLS.
  case listening(descriptor: Int32, TLSIdentity)

  /// The path, `192.168.100.1:80`, `[fd00::1]:80` or `descriptor 3`.
  package var description: String {
    switch self {
    case .unix(let path, _): path
    case .tcp(let address, let port, _): "\(HTTPPeer.host(address, port: port))"
    case .listening(let descriptor, _): "descriptor \(descriptor)"
    }
  }
}
