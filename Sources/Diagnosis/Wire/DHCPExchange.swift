import Addresses
import PXEWire

/// The DHCPv4 messages of one client with one xid on one VLAN.
public struct DHCPExchange: Codable, Hashable, Sendable {
  /// The transaction ID.
  public let xid: UInt32
  /// The VLAN it was seen on; `nil` for untagged.
  public internal(set) var vlan: VLANID?
  /// When its first message was seen.
  public let started: Timestamp
  /// Whether this is boot server discovery, on port 4011 (PXE specification 2.1 section 2.2.5), and
  /// not about an address.
  public let isBootServerDiscovery: Bool
  /// Option 93, the first of them.
  public internal(set) var architecture: ClientArchitecture?
  /// Option 60.
  public internal(set) var vendorClass: String?
  /// Option 77; empty without it.
  public internal(set) var userClasses: [String] = []
  /// Whether the client is iPXE.
  public internal(set) var isIPXE: Bool = false
  /// Option 97: the machine's UUID. Two of one MAC address are two machines.
  public internal(set) var machineUUID: String?
  /// Option 55: the options that the client wants.
  public internal(set) var requestedOptions: [UInt8] = []
  /// Option 50 of the last REQUEST or DISCOVER.
  public internal(set) var requestedAddress: IPv4Address?
  /// `ciaddr`, of a client that renews or informs.
  public internal(set) var clientAddress: IPv4Address?
  /// The largest `secs`, the seconds since the client began, by its own count.
  public internal(set) var secondsElapsed: Int = 0
  /// Whether the client wants its replies broadcast.
  public internal(set) var asksForBroadcast: Bool = false
  /// Relay agents (`giaddr`) that passed its messages on, in the order seen.
  public internal(set) var relays: [IPv4Address] = []
  /// Whether a relay agent added option 82.
  public internal(set) var hasRelayInformation: Bool = false
  /// The client's messages, relayed copies included: the first 64.
  public internal(set) var clientMessages: [ClientMessage] = []
  /// DISCOVERs, retransmissions included; relayed copies only where no other was seen.
  public internal(set) var discovers: Int = 0
  /// When the last DISCOVER was seen.
  public internal(set) var lastDiscover: Timestamp?
  /// Every OFFER, up to 64.
  public internal(set) var offers: [Reply] = []
  /// REQUESTs, retransmissions included; relayed copies only where no other was seen.
  public internal(set) var requests: Int = 0
  /// The server whose offer the last REQUEST takes (option 54).
  public internal(set) var requestedServer: IPv4Address?
  /// Every ACK, up to 64.
  public internal(set) var acks: [Reply] = []
  /// Every NAK, up to 64.
  public internal(set) var naks: [Reply] = []
  /// DECLINEs: the client found its address in use.
  public internal(set) var declines: Int = 0
  /// INFORMs: a client with an address wants the other options.
  public internal(set) var informs: Int = 0

  /// Messages seen from the client itself and through relays, by type.
  var direct: [UInt8: Int] = [:]
  var relayed: [UInt8: Int] = [:]

  /// A message from the client.
  public struct ClientMessage: Codable, Hashable, Sendable {
    /// Where it is in the capture.
    public let packet: PacketReference
    /// `DISCOVER`, `REQUEST`, `DECLINE`, `RELEASE` or `INFORM`; `BOOTREQUEST` without option 53.
    public let type: String
    /// The relay agent that passed it on; `nil` for the client's own frame.
    public let relay: IPv4Address?
    /// The receiver's IP address.
    public let destination: IPv4Address
    /// What its UDP checksum says.
    public let checksum: UDPDatagram.Checksum
  }

  private enum CodingKeys: String, CodingKey {
    case xid, vlan, started, isBootServerDiscovery, architecture, vendorClass, userClasses, isIPXE
    case machineUUID, requestedOptions, requestedAddress, clientAddress, secondsElapsed
    case asksForBroadcast, relays, hasRelayInformation, clientMessages, discovers, lastDiscover
    case offers, requests, requestedServer, acks, naks, declines, informs
  }

  /// Whether its client was heard through relay agents alone, so far.
  var isOnlyRelayed: Bool { direct.isEmpty && !relayed.isEmpty }

  /// Whether no server answered.
  public var isUnanswered: Bool { offers.isEmpty && acks.isEmpty && naks.isEmpty }

  /// The servers (option 54) that offered or granted an address, each once.
  public var addressServers: [IPv4Address] {
    Self.unique((offers + acks).filter { $0.address != nil }.map(\.server))
  }

  /// The proxyDHCP servers: those that offered a boot file and no address.
  public var proxyServers: [IPv4Address] {
    Self.unique(offers.filter(\.isProxy).map(\.server))
  }

  private static func unique(_ addresses: [IPv4Address]) -> [IPv4Address] {
    var seen: Set<IPv4Address> = []
    return addresses.filter { seen.insert($0).inserted }
  }

  init(
    xid: UInt32, vlan: VLANID?, started: Timestamp, isBootServerDiscovery: Bool = false
  ) {
    self.xid = xid
    self.vlan = vlan
    self.started = started
    self.isBootServerDiscovery = isBootServerDiscovery
  }
}
