import Addresses
import PXEWire

/// A TCP connection of a client to an iSCSI target (RFC 7143), as far as it bears on booting.
package struct ISCSISession: Codable, Hashable, Sendable {
  /// The server's address.
  package let server: IPAddress
  /// The server's port.
  package let port: UInt16
  /// The VLAN it was seen on; `nil` for untagged.
  package let vlan: VLANID?
  /// The first SYN.
  package let packet: PacketReference
  /// When the last packet that changed anything was seen.
  package internal(set) var lastProgress: Timestamp
  /// Where it stands.
  package internal(set) var state: State = .connecting
  /// SYNs sent.
  package internal(set) var connectionAttempts = 1
  /// The target that the client asks for.
  package internal(set) var target: String?
  /// The status of the last login response.
  package internal(set) var loginStatus: ISCSILoginStatus?
  /// The packet with it.
  package internal(set) var loginPacket: PacketReference?
  /// Bytes of the server besides its login responses, each counted once.
  package internal(set) var bytes = 0

  /// Bytes of a disk's smallest block: with one, the disk is read.
  private static let block = 512

  /// Where a session stands.
  package enum State: String, Codable, Hashable, Sendable {
    /// SYNs are sent and nothing comes back.
    case connecting
    /// The server refused the connection.
    case refused
    /// The connection stands.
    case connected
    /// The client has sent its login.
    case requested
    /// The login is done.
    case loggedIn
    /// The connection was closed or reset.
    case closed
  }

  init(server: IPAddress, port: UInt16, vlan: VLANID?, packet: PacketReference) {
    self.server = server
    self.port = port
    self.vlan = vlan
    self.packet = packet
    lastProgress = packet.time
  }

  /// When it began.
  package var started: Timestamp { packet.time }

  /// Whether the client reads its disk, which is what boots it.
  package var isRead: Bool { bytes >= Self.block }
}
