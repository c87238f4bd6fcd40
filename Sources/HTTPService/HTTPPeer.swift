import Addresses

/// Who is at the other end of a connection.
package enum HTTPPeer: Sendable, Hashable, CustomStringConvertible {
  /// Of a unix socket: the process that connected (unix(7), SO_PEERCRED). Its id is 0 when it is not in
  /// this PID namespace; its user is the effective one, as seen here.
  case process(id: Int32, user: UInt32)
  /// Of a TCP connection.
  case host(IPAddress, port: UInt16)

  /// `192.168.100.50:1024`, `[fd00::5]:1024`, `process 7 of user 1000`.
  package var description: String {
    switch self {
    case .process(let id, let user): "process \(id) of user \(user)"
    case .host(.v4(let address), let port): "\(address):\(port)"
    case .host(.v6(let address), let port): "[\(address)]:\(port)"
    }
  }
}
