import Addresses
import PXEWire

/// What was seen of one network segment: one VLAN, or the untagged frames.
public struct SegmentTrace: Codable, Hashable, Sendable {
  /// The VLAN; `nil` for untagged frames.
  public let vlan: VLANID?
  /// Spanning tree, if a bridge speaks it here.
  public internal(set) var spanningTree: SpanningTree?
  /// IPv6 routers by source address, up to 16.
  public internal(set) var routers: [Router] = []
  /// Addresses that two MAC addresses claim, up to 64.
  public internal(set) var addressConflicts: [AddressConflict] = []

  /// Bridge protocol data units (IEEE 802.1D clause 9).
  public struct SpanningTree: Codable, Hashable, Sendable {
    /// The first.
    public let packet: PacketReference
    /// When the last was seen.
    public internal(set) var lastSeen: Timestamp
    /// How many.
    public internal(set) var count: Int
    /// Whether it is rapid spanning tree (version 2 or above).
    public internal(set) var isRapid: Bool
    /// The forward delay that the root states, in seconds: a port is silent for twice that.
    public internal(set) var forwardDelay: Double
    /// Topology changes signalled.
    public internal(set) var topologyChanges: Int
  }

  /// A router's advertisements (RFC 4861 section 4.2).
  public struct Router: Codable, Hashable, Sendable {
    /// The router's link-local address.
    public let address: IPv6Address
    /// Its MAC address on this segment.
    public let mac: MACAddress
    /// The first advertisement.
    public let packet: PacketReference
    /// How many.
    public internal(set) var count: Int
    /// The M flag: addresses come from DHCPv6.
    public internal(set) var managed: Bool
    /// The O flag: other configuration comes from DHCPv6.
    public internal(set) var otherConfiguration: Bool
    /// How long it is a default router, in seconds; 0 when it is none.
    public internal(set) var lifetime: Int
    /// The prefixes, as `2001:db8::/64`, and whether hosts may make addresses of them.
    public internal(set) var prefixes: [Prefix]
    /// The link's MTU in bytes, if stated.
    public internal(set) var mtu: Int?
  }

  /// A prefix information option (RFC 4861 section 4.6.2).
  public struct Prefix: Codable, Hashable, Sendable {
    /// The prefix's address.
    public let address: IPv6Address
    /// Its length in bits.
    public let length: Int
    /// The A flag: hosts make addresses of it themselves.
    public let isAutonomous: Bool
  }

  /// One address, two owners.
  public struct AddressConflict: Codable, Hashable, Sendable {
    /// The address.
    public let address: IPAddress
    /// Who claimed it first.
    public let first: MACAddress
    /// Who claimed it then.
    public let second: MACAddress
    /// The packet that shows it.
    public let packet: PacketReference
  }

  init(vlan: VLANID?) {
    self.vlan = vlan
  }
}
