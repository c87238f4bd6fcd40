/// Why bytes from the wire could not be decoded.
package enum WireError: Error, Hashable, Sendable {
  /// A field reaches past the captured bytes; counts are in bytes, from the field's start.
  case truncated(layer: Layer, field: String, needed: Int, available: Int)
  /// A field holds a value that its specification forbids.
  case malformed(layer: Layer, reason: String)

  /// The protocol whose decoding failed.
  package enum Layer: String, Hashable, Sendable {
    /// The header in front of a packet that was captured without an Ethernet header.
    case link = "link layer"
    case ethernet = "Ethernet"
    case arp = "ARP"
    case spanningTree = "STP"
    case ipv4 = "IPv4"
    case ipv6 = "IPv6"
    case udp = "UDP"
    case tcp = "TCP"
    case icmp = "ICMP"
    case icmpv6 = "ICMPv6"
    case dhcp = "DHCP"
    case dhcpv6 = "DHCPv6"
    case dns = "DNS"
    case tftp = "TFTP"
    case tls = "TLS"
    /// The header of a tunnel, or the labels of MPLS.
    case tunnel
  }
}

extension WireError: CustomStringConvertible {
  /// One line: the layer, the field and what is wrong with it.
  package var description: String {
    switch self {
    case .truncated(let layer, let field, let needed, let available):
      "\(layer.rawValue): \(field) needs \(needed) bytes, \(available) are left"
    case .malformed(let layer, let reason):
      "\(layer.rawValue): \(reason)"
    }
  }
}
