/// How much a trace holds, so that no capture makes it grow without end.
enum Limits {
  /// Addresses of which nothing but frames was seen.
  static let idleClients = 16384
  /// Addresses with exchanges or transfers.
  static let clients = 65536
  /// The same inside one network of tunnels.
  static let idleClientsInTunnels = 512
  static let clientsInTunnels = 2048
  /// Networks inside tunnels.
  static let networks = 128
  /// Tunnels within each other.
  static let nestedTunnels = 3
  /// Tunnels that the frames of one client went through.
  static let tunnels = 8
  /// Exchanges of one client, of each version.
  static let exchanges = 512
  /// Transfers of one client, of each protocol.
  static let transfers = 1024
  /// Exchanges, transfers and questions of all clients.
  static let records = 131_072
  /// Messages of one kind in an exchange.
  static let messages = 64
  /// DNS questions, and ICMP errors, of one client.
  static let questions = 256
  /// Small facts of one kind.
  static let facts = 64

  /// A text from the wire, cut to 512 characters.
  static func text(_ text: String) -> String {
    text.utf8.count <= 512 ? text : String(text.prefix(512)) + "..."
  }
}
