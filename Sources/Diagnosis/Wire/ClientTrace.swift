import Addresses
import PXEWire

/// What the wire showed of one MAC address.
public struct ClientTrace: Codable, Hashable, Sendable {
  /// The address.
  public let mac: MACAddress
  /// When a frame from it was first seen.
  public let firstSeen: Timestamp
  /// When a frame from it was last seen.
  public internal(set) var lastSeen: Timestamp
  /// Frames from it by VLAN; key 0 stands for untagged.
  public internal(set) var framesByVLAN: [Int: Int] = [:]
  /// DHCP exchanges, oldest first.
  public internal(set) var exchanges: [DHCPExchange] = []
  /// TFTP transfers, oldest first.
  public internal(set) var transfers: [TFTPTransfer] = []
  /// Addresses that it asked for by ARP and that none answered for, with how often it asked.
  public internal(set) var unansweredARP: [UnansweredARP] = []
  /// Transfers that `tftpStalled` was said of, by index.
  var stalled: Set<Int> = []

  /// An ARP request without a reply.
  public struct UnansweredARP: Codable, Hashable, Sendable {
    /// The address asked for.
    public let address: IPv4Address
    /// The VLAN asked on.
    public let vlan: VLANID?
    /// The first time.
    public let since: Timestamp
    /// How often.
    public internal(set) var count: Int
    var reported: Bool = false

    private enum CodingKeys: String, CodingKey { case address, vlan, since, count }
  }

  private enum CodingKeys: String, CodingKey {
    case mac, firstSeen, lastSeen, framesByVLAN, exchanges, transfers, unansweredARP
  }

  init(mac: MACAddress, firstSeen: Timestamp) {
    self.mac = mac
    self.firstSeen = firstSeen
    lastSeen = firstSeen
  }

  /// How many frames came from it.
  public var frames: Int { framesByVLAN.values.reduce(0, +) }

  /// The VLANs that its frames were on, in order; `nil` stands first for untagged ones.
  public var vlans: [VLANID?] {
    framesByVLAN.keys.sorted().map { VLANID(rawValue: UInt16($0)) }
  }

  /// The last exchange that a server ended with an ACK.
  public var leased: DHCPExchange? { exchanges.last { !$0.acks.isEmpty } }

  /// The first exchange that ended with an ACK naming a boot file: the firmware's.
  public var bootLease: DHCPExchange? {
    exchanges.first { $0.acks.contains { $0.bootFile != nil } }
      ?? exchanges.first { !$0.acks.isEmpty }
  }

  /// The network boot program's name, as the firmware's ACK or, from a proxyDHCP server, its OFFER
  /// has it.
  public var bootFile: String? {
    guard let lease = bootLease else { return nil }
    return lease.acks.compactMap(\.bootFile).first ?? lease.offers.compactMap(\.bootFile).first
  }

  /// The servers that DHCP named to it: those that answered and those with the boot file.
  var bootServers: Set<IPv4Address> {
    Set(exchanges.flatMap { $0.offers + $0.acks }.flatMap { [$0.server, $0.bootServer] })
  }

  /// The transfers of a file, without those that only asked its size.
  public func transfers(of file: String) -> [TFTPTransfer] {
    transfers.filter { $0.state != .sizeOnly && Self.isSame($0.file, file) }
  }

  static func isSame(_ left: String, _ right: String) -> Bool {
    left.drop { $0 == "/" } == right.drop { $0 == "/" }
  }
}
