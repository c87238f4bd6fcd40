import Addresses
import PXEWire

/// The messages of one DHCP exchange: one client, one xid, one VLAN.
public struct DHCPExchange: Codable, Hashable, Sendable {
  /// The transaction ID.
  public let xid: UInt32
  /// The VLAN it was seen on; `nil` for untagged.
  public internal(set) var vlan: VLANID?
  /// When its first message was seen.
  public let started: Timestamp
  /// Option 93.
  public internal(set) var architecture: ClientArchitecture?
  /// Option 60.
  public internal(set) var vendorClass: String?
  /// Option 77; empty without it.
  public internal(set) var userClasses: [String] = []
  /// Whether the client is iPXE.
  public internal(set) var isIPXE: Bool = false
  /// DISCOVERs, retransmissions included.
  public internal(set) var discovers: Int = 0
  /// When the last DISCOVER was seen.
  public internal(set) var lastDiscover: Timestamp?
  /// Every OFFER.
  public internal(set) var offers: [Reply] = []
  /// REQUESTs, retransmissions included.
  public internal(set) var requests: Int = 0
  /// The server whose offer the last REQUEST takes (option 54).
  public internal(set) var requestedServer: IPv4Address?
  /// Every ACK.
  public internal(set) var acks: [Reply] = []
  /// Every NAK.
  public internal(set) var naks: [Reply] = []

  /// A server's message.
  public struct Reply: Codable, Hashable, Sendable {
    /// When it was seen.
    public let time: Timestamp
    /// Option 54, or the packet's source address where that is missing.
    public let server: IPv4Address
    /// Who sent it on this segment.
    public let serverMAC: MACAddress
    /// The address given; `nil` from a proxyDHCP server, which gives none.
    public let address: IPv4Address?
    /// Where the boot file is: `siaddr`, else the server itself.
    public let bootServer: IPv4Address
    /// The boot file's name.
    public let bootFile: String?
    /// Option 60; a PXE server says `PXEClient`, an HTTP boot server `HTTPClient`.
    public let vendorClass: String?
    /// Option 56: why.
    public let message: String?
    /// Whether the UDP checksum is wrong, so that the client drops it.
    public let hasBadChecksum: Bool
  }

  /// Whether no server answered.
  public var isUnanswered: Bool { offers.isEmpty && acks.isEmpty && naks.isEmpty }

  init(xid: UInt32, vlan: VLANID?, started: Timestamp) {
    self.xid = xid
    self.vlan = vlan
    self.started = started
  }
}
