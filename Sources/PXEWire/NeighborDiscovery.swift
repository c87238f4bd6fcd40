import Addresses

/// A message of IPv6 neighbour discovery (RFC 4861 section 4).
package enum NeighborDiscovery: Hashable, Sendable {
  /// Asks for routers.
  case routerSolicitation
  /// A router introduces itself.
  case routerAdvertisement(RouterAdvertisement)
  /// Asks for the MAC address of an IPv6 address.
  case neighborSolicitation(target: IPv6Address)
  /// Answers with the MAC address, if the option is there.
  case neighborAdvertisement(target: IPv6Address, mac: MACAddress?, isSolicited: Bool)

  /// What a router says (RFC 4861 section 4.2).
  package struct RouterAdvertisement: Hashable, Sendable {
    /// The M flag: addresses come from DHCPv6.
    package let isManaged: Bool
    /// The O flag: other configuration comes from DHCPv6.
    package let hasOtherConfiguration: Bool
    /// How long it is a default router, in seconds; 0 when it is none.
    package let lifetime: Int
    /// The link's MTU in bytes, if stated.
    package let mtu: Int?
    /// The prefixes.
    package let prefixes: [Prefix]
  }

  /// A prefix information option (RFC 4861 section 4.6.2).
  package struct Prefix: Hashable, Sendable {
    /// The prefix's address.
    package let address: IPv6Address
    /// Its length in bits.
    package let length: UInt8
    /// The L flag: addresses of it are on this link.
    package let isOnLink: Bool
    /// The A flag: hosts make addresses of it themselves.
    package let isAutonomous: Bool
  }

  init?(type: UInt8, reading reader: inout ByteReader) throws(WireError) {
    switch type {
    case 133:
      self = .routerSolicitation
    case 134:
      _ = try reader.uint8("hop limit")
      let flags = try reader.uint8("flags")
      let lifetime = Int(try reader.uint16("router lifetime"))
      try reader.skip(8, "timers")
      var mtu: Int?
      var prefixes: [Prefix] = []
      Self.options(in: reader.rest) { type, option throws(WireError) in
        if type == 5 {
          try option.skip(2, "reserved")
          mtu = Int(exactly: try option.uint32("MTU"))
        } else if type == 3, prefixes.count < 16 {
          let length = try option.uint8("prefix length")
          let flags = try option.uint8("flags")
          try option.skip(12, "lifetimes")
          prefixes.append(
            Prefix(
              address: try option.ipv6Address("prefix"), length: length,
              isOnLink: flags & 0x80 != 0, isAutonomous: flags & 0x40 != 0))
        }
      }
      self = .routerAdvertisement(
        RouterAdvertisement(
          isManaged: flags & 0x80 != 0, hasOtherConfiguration: flags & 0x40 != 0,
          lifetime: lifetime, mtu: mtu, prefixes: prefixes))
    case 135:
      try reader.skip(4, "reserved")
      self = .neighborSolicitation(target: try reader.ipv6Address("target address"))
    case 136:
      let flags = try reader.uint8("flags")
      try reader.skip(3, "reserved")
      let target = try reader.ipv6Address("target address")
      var mac: MACAddress?
      Self.options(in: reader.rest) { type, option throws(WireError) in
        if type == 2 { mac = try option.macAddress("link-layer address") }
      }
      self = .neighborAdvertisement(target: target, mac: mac, isSolicited: flags & 0x40 != 0)
    default:
      return nil
    }
  }

  /// Reads the options as far as they fit; an option of length 0 ends them (RFC 4861 section 4.6).
  private static func options(
    in bytes: ArraySlice<UInt8>,
    _ read: (UInt8, inout ByteReader) throws(WireError) -> Void
  ) {
    var reader = ByteReader(bytes, layer: .icmpv6)
    while let type = try? reader.uint8("option type"),
      let length = try? reader.uint8("option length"), length > 0,
      let data = try? reader.slice(Int(length) * 8 - 2, "option")
    {
      var option = ByteReader(data, layer: .icmpv6)
      try? read(type, &option)
    }
  }
}
