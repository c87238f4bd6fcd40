import Addresses
import PXEWire

/// What was seen of one network segment: one VLAN, or the untagged frames.
package struct SegmentTrace: Codable, Hashable, Sendable {
  /// The VLAN; `nil` for untagged frames.
  package let vlan: VLANID?
  /// Spanning tree, if a bridge speaks it here.
  package internal(set) var spanningTree: SpanningTree?
  /// IPv6 routers by source address, up to 16.
  package internal(set) var routers: [Router] = []
  /// Addresses that two MAC addresses claim, up to 64.
  package internal(set) var addressConflicts: [AddressConflict] = []

  /// Bridge protocol data units (IEEE 802.1D clause 9).
  package struct SpanningTree: Codable, Hashable, Sendable {
    /// The first.
    package let packet: PacketReference
    /// When the last was seen.
    package internal(set) var lastSeen: Timestamp
    /// How many.
    package internal(set) var count: Int
    /// Whether it is rapid spanning tree (version 2 or above).
    package internal(set) var isRapid: Bool
    /// The forward delay that the root states, in seconds: a port is silent for twice that.
    package internal(set) var forwardDelay: Double
    /// Topology changes signalled.
    package internal(set) var topologyChanges: Int
  }

  /// A router's advertisements (RFC 4861 section 4.2).
  package struct Router: Codable, Hashable, Sendable {
    /// The router's link-local address.
    package let address: IPv6Address
    /// Its MAC address on this segment.
    package let mac: MACAddress
    /// The first advertisement.
    package let packet: PacketReference
    /// How many.
    package internal(set) var count: Int
    /// The M flag: addresses come from DHCPv6.
    package internal(set) var managed: Bool
    /// The O flag: other configuration comes from DHCPv6.
    package internal(set) var otherConfiguration: Bool
    /// How long it is a default router, in seconds; 0 when it is none.
    package internal(set) var lifetime: Int
    /// The prefixes, as `2001:db8::/64`, and whether hosts may make addresses of them.
    package internal(set) var prefixes: [Prefix]
    /// The link's MTU in bytes, if stated.
    package internal(set) var mtu: Int?
  }

  /// A prefix information option (RFC 4861 section 4.6.2).
  package struct Prefix: Codable, Hashable, Sendable {
    /// The prefix's address.
    package let address: IPv6Address
    /// Its length in bits.
    package let length: Int
    /// The A flag: hosts make addresses of it themselves.
    package let isAutonomous: Bool
  }

  /// One address, two owners.
  package struct AddressConflict: Codable, Hashable, Sendable {
    /// The address.
    package let address: IPAddress
    /// Who claimed it first.
    package let first: MACAddress
    /// Who claimed it then.
    package let second: MACAddress
    /// The packet that shows it.
    package let packet: PacketReference
  }

  init(vlan: VLANID?) {
    self.vlan = vlan
  }
}
