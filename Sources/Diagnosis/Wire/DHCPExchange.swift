import Addresses
import PXEWire

/// The DHCPv4 messages of one client with one xid on one VLAN.
package struct DHCPExchange: Codable, Hashable, Sendable {
  /// The transaction ID.
  package let xid: UInt32
  /// The VLAN it was seen on; `nil` for untagged.
  package internal(set) var vlan: VLANID?
  /// When its first message was seen.
  package let started: Timestamp
  /// Whether this is boot server discovery, on port 4011 (PXE specification 2.1 section 2.2.5), and
  /// not about an address.
  package let isBootServerDiscovery: Bool
  /// Option 93, the first of them.
  package internal(set) var architecture: ClientArchitecture?
  /// Option 60.
  package internal(set) var vendorClass: String?
  /// Option 77; empty without it.
  package internal(set) var userClasses: [String] = []
  /// Whether the client is iPXE.
  package internal(set) var isIPXE: Bool = false
  /// Option 97: the machine's UUID. Two of one MAC address are two machines.
  package internal(set) var machineUUID: String?
  /// Option 55: the options that the client wants.
  package internal(set) var requestedOptions: [UInt8] = []
  /// Option 50 of the last REQUEST or DISCOVER.
  package internal(set) var requestedAddress: IPv4Address?
  /// `ciaddr`, of a client that renews or informs.
  package internal(set) var clientAddress: IPv4Address?
  /// The largest `secs`, the seconds since the client began, by its own count.
  package internal(set) var secondsElapsed: Int = 0
  /// Whether the client wants its replies broadcast.
  package internal(set) var asksForBroadcast: Bool = false
  /// Relay agents (`giaddr`) that passed its messages on, in the order seen.
  package internal(set) var relays: [IPv4Address] = []
  /// Whether a relay agent added option 82.
  package internal(set) var hasRelayInformation: Bool = false
  /// The client's messages, relayed copies included: the first 64.
  package internal(set) var clientMessages: [ClientMessage] = []
  /// DISCOVERs, retransmissions included; relayed copies only where no other was seen.
  package internal(set) var discovers: Int = 0
  /// When the last DISCOVER was seen.
  package internal(set) var lastDiscover: Timestamp?
  /// Every OFFER, up to 64.
  package internal(set) var offers: [Reply] = []
  /// REQUESTs, retransmissions included; relayed copies only where no other was seen.
  package internal(set) var requests: Int = 0
  /// The server whose offer the last REQUEST takes (option 54).
  package internal(set) var requestedServer: IPv4Address?
  /// Every ACK, up to 64.
  package internal(set) var acks: [Reply] = []
  /// Every NAK, up to 64.
  package internal(set) var naks: [Reply] = []
  /// DECLINEs: the client found its address in use.
  package internal(set) var declines: Int = 0
  /// INFORMs: a client with an address wants the other options.
  package internal(set) var informs: Int = 0

  /// Messages seen from the client itself and through relays, by type.
  var direct: [UInt8: Int] = [:]
  var relayed: [UInt8: Int] = [:]
  /// Whether the capture cut options of the client's messages off, so that what is not there says
  /// nothing.
  var lacksOptions = false
  /// Whether its frames were also captured without the tag of its VLAN.
  var isAlsoUntagged = false

  /// A message from the client.
  package struct ClientMessage: Codable, Hashable, Sendable {
    /// Where it is in the capture.
    package let packet: PacketReference
    /// `DISCOVER`, `REQUEST`, `DECLINE`, `RELEASE` or `INFORM`; `BOOTREQUEST` without option 53.
    package let type: String
    /// The relay agent that passed it on; `nil` for the client's own frame.
    package let relay: IPv4Address?
    /// Who sent the packet: the client, or the relay agent.
    package let sender: Sender
    /// The receiver's IP address.
    package let destination: IPv4Address
    /// What its UDP checksum says.
    package let checksum: UDPDatagram.Checksum

    /// Where a packet comes from.
    package struct Sender: Codable, Hashable, Sendable {
      /// The sender's MAC address on this segment.
      package let mac: MACAddress
      /// Its IP address; 0.0.0.0 of a client without one.
      package let address: IPv4Address
      /// Its UDP port, 68 as a rule, 67 of a relay agent.
      package let port: UInt16
    }
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
  package var isUnanswered: Bool { offers.isEmpty && acks.isEmpty && naks.isEmpty }

  /// The servers (option 54) that offered or granted an address, each once.
  package var addressServers: [IPv4Address] {
    Self.unique((offers + acks).filter { $0.address != nil }.map(\.server))
  }

  /// The proxyDHCP servers: those that offered a boot file and no address.
  package var proxyServers: [IPv4Address] {
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
