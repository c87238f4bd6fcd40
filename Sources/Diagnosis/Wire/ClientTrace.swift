import Addresses
import PXEWire

/// What the wire showed of one MAC address.
package struct ClientTrace: Codable, Hashable, Sendable {
  /// The address.
  package let mac: MACAddress
  /// When a frame from it was first seen.
  package let firstSeen: Timestamp
  /// When a frame from it was last seen.
  package internal(set) var lastSeen: Timestamp
  /// Frames from it by outermost VLAN; key 0 stands for untagged.
  package internal(set) var framesByVLAN: [Int: Int] = [:]
  /// Frames to it alone, not to a group: without any, replies may not be in the capture.
  package internal(set) var framesReceived: Int = 0
  /// Its frames with two tags or more, by outer and next inner VLAN, up to 64 pairs.
  package internal(set) var doubleTags: [DoubleTag] = []
  /// The tunnels that frames from or to it came through, up to 8; empty where they were captured as
  /// they are.
  package internal(set) var tunnels: [TunnelPath] = []
  /// DHCPv4 exchanges, oldest first, up to 512.
  package internal(set) var exchanges: [DHCPExchange] = []
  /// DHCPv6 exchanges, oldest first, up to 512.
  package internal(set) var exchangesV6: [DHCPv6Exchange] = []
  /// TFTP transfers, oldest first, up to 1024.
  package internal(set) var transfers: [TFTPTransfer] = []
  /// HTTP transfers and attempts to connect, oldest first, up to 1024.
  package internal(set) var httpTransfers: [HTTPTransfer] = []
  /// iSCSI sessions, oldest first, up to 64.
  package internal(set) var iscsiSessions: [ISCSISession] = []
  /// Frames of ATA and Fibre Channel over Ethernet.
  package internal(set) var storage = StorageFrames()
  /// DNS questions, oldest first, up to 256.
  package internal(set) var nameQueries: [NameQuery] = []
  /// Addresses that it asked for by ARP and that none answered for, with how often it asked.
  package internal(set) var unansweredARP: [AddressQuestion<IPv4Address>] = []
  /// Addresses that it asked for by neighbour solicitation and that none answered for.
  package internal(set) var unansweredNeighbors: [AddressQuestion<IPv6Address>] = []
  /// ICMP errors about its packets, or about packets sent to it, up to 256.
  package internal(set) var deliveryFailures: [DeliveryFailure] = []
  /// Datagrams to or from it that lack fragments, up to 64.
  package internal(set) var incompleteDatagrams: [IncompleteDatagram] = []
  /// Router solicitations sent (RFC 4861 section 4.1).
  package internal(set) var routerSolicitations: Int = 0
  /// DHCP messages to or from it of which the capture kept too little to read them.
  package internal(set) var cutMessages: Int = 0
  /// Packets to or from it that do not decode.
  package internal(set) var malformed: Int = 0
  /// Exchanges, transfers and questions beyond the limits above, which are only counted.
  package internal(set) var omitted: Int = 0
  /// Transfers that `tftpStalled` was said of, by index.
  var stalled: Set<Int> = []
  var stalledHTTP: Set<Int> = []
  /// Whether it sent packets to one host from an IPv4 address of its own, and got such packets.
  var sendsOverIPv4 = false
  var receivesOverIPv4 = false
  /// Whether nothing but frames was seen of it.
  var isIdle = true

  /// Two tags around one frame (IEEE 802.1ad, or a fault).
  package struct DoubleTag: Codable, Hashable, Sendable {
    /// The outer VLAN ID, 0 to 4095.
    package let outer: UInt16
    /// The next inner VLAN ID.
    package let inner: UInt16
    /// The first frame with them.
    package let packet: PacketReference
    /// How many frames.
    package internal(set) var count: Int
  }

  private enum CodingKeys: String, CodingKey {
    case mac, firstSeen, lastSeen, framesByVLAN, framesReceived, doubleTags, exchanges, exchangesV6
    case transfers, httpTransfers, iscsiSessions, storage, nameQueries, unansweredARP,
      unansweredNeighbors
    case deliveryFailures, incompleteDatagrams, routerSolicitations, cutMessages, malformed
    case omitted
  }

  init(mac: MACAddress, firstSeen: Timestamp) {
    self.mac = mac
    self.firstSeen = firstSeen
    lastSeen = firstSeen
  }
}
