/// The link-layer header of captured packets, by its number in capture files (`LINKTYPE_` values;
/// tcpdump.org/linktypes.html).
package struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The `LINKTYPE_` value.
  package var rawValue: UInt16

  /// A link type by its number.
  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// BSD's loopback: the address family in the byte order of the machine that captured.
  package static let null = LinkType(rawValue: 0)
  /// Ethernet; also the loopback interface of Linux.
  package static let ethernet = LinkType(rawValue: 1)
  /// An IPv4 or IPv6 packet without a header in front, as tunnels have it.
  package static let raw = LinkType(rawValue: 101)
  /// OpenBSD's loopback: the address family in network byte order.
  package static let loop = LinkType(rawValue: 108)
  /// Linux "cooked" capture, of the pseudo-interface `any`.
  package static let linuxCooked = LinkType(rawValue: 113)
  /// An IPv4 packet without a header in front.
  package static let ipv4 = LinkType(rawValue: 228)
  /// An IPv6 packet without a header in front.
  package static let ipv6 = LinkType(rawValue: 229)
  /// The second version of Linux "cooked" capture, which names the interface.
  package static let linuxCooked2 = LinkType(rawValue: 276)

  /// Whether packets with this header can become a ``Frame``.
  package var isDecodable: Bool { layout != nil }

  /// Where in a packet its fields lie; `nil` for a link type that is not decoded.
  var layout: Layout? {
    switch rawValue {
    case 1: .ethernet
    case 113: .cooked
    case 276: .cooked2
    // 12 and 14 are DLT_RAW of BSDs and of OpenBSD, which some programs wrote into files.
    case 12, 14, 101, 228, 229: .packet
    case 0, 108: .family
    default: nil
    }
  }

  enum Layout {
    case ethernet, cooked, cooked2, packet, family
  }
}
