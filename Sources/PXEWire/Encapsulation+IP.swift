import Addresses

extension Encapsulation {
  /// What an IP packet carries: IPv4 (4), IPv6 (41) or GRE (47); `nil` for other protocols, and for a
  /// header that is none of theirs.
  init?(
    protocolNumber: UInt8, _ bytes: ArraySlice<UInt8>, from source: IPAddress,
    to destination: IPAddress
  ) {
    let ends = Tunnel.Ends(source: source, destination: destination)
    let found: Encapsulation? =
      switch protocolNumber {
      case 4: Encapsulation(Tunnel(.ipInIP, ends: ends), etherType: 0x0800, bytes)
      case 41: Encapsulation(Tunnel(.ipInIP, ends: ends), etherType: 0x86dd, bytes)
      case 47: try? Self.gre(bytes, ends)
      default: nil
      }
    guard let found else { return nil }
    self = found
  }

  /// RFC 2784 section 2 and RFC 2890 section 2. Version 1 is PPTP's, and routing (RFC 1701) is no
  /// more.
  private static func gre(
    _ bytes: ArraySlice<UInt8>, _ ends: Tunnel.Ends
  ) throws(WireError) -> Encapsulation? {
    var reader = ByteReader(bytes, layer: .tunnel)
    let flags = try reader.uint16("GRE flags")
    let type = try reader.uint16("GRE protocol type")
    guard flags & 0x4fff == 0 else { return nil }
    if flags & 0x8000 != 0 { try reader.skip(4, "GRE checksum") }
    let key = flags & 0x2000 != 0 ? try reader.uint32("GRE key") : nil
    let hasSequence = flags & 0x1000 != 0
    if hasSequence { try reader.skip(4, "GRE sequence number") }
    switch type {
    case 0x88be where !hasSequence:
      return Encapsulation(Tunnel(.erspan1, ends: ends), ethernet: reader.rest)
    case 0x88be: return try erspan2(&reader, ends)
    case 0x22eb: return try erspan3(&reader, ends)
    case 0x6558:
      // Virtual subnets below 0x1000 are reserved (RFC 7637 section 3.2), so a smaller key is one.
      let isSubnet = flags & 0x9000 == 0 && key ?? 0 >= 0x10_0000
      let tunnel = Tunnel(
        isSubnet ? .nvgre : .gre, identifier: isSubnet ? key.map { $0 >> 8 } : key, ends: ends)
      return Encapsulation(tunnel, ethernet: reader.rest)
    default:
      return carried(type, reader.rest, Tunnel(.gre, identifier: key, ends: ends))
    }
  }

  private static func erspan2(
    _ reader: inout ByteReader, _ ends: Tunnel.Ends
  ) throws(WireError) -> Encapsulation? {
    let versionAndVLAN = try reader.uint16("ERSPAN version")
    let session = try reader.uint16("ERSPAN session")
    try reader.skip(4, "ERSPAN index")
    guard versionAndVLAN >> 12 == 1 else { return nil }
    // The mirror took the frame's 802.1Q tag off (encapsulation type 2) and tells its VLAN here.
    let isStripped = session >> 11 & 3 == 2
    return Encapsulation(
      Tunnel(.erspan2, identifier: UInt32(session & 0x3ff), ends: ends), ethernet: reader.rest,
      vlan: isStripped
        ? VLANTag(tpid: 0x8100, controlInformation: session & 0xe000 | versionAndVLAN & 0xfff) : nil
    )
  }

  private static func erspan3(
    _ reader: inout ByteReader, _ ends: Tunnel.Ends
  ) throws(WireError) -> Encapsulation? {
    let version = try reader.uint16("ERSPAN version") >> 12
    let session = try reader.uint16("ERSPAN session")
    try reader.skip(6, "ERSPAN timestamp")
    let flags = try reader.uint16("ERSPAN frame type")
    guard version == 2 else { return nil }
    if flags & 1 != 0 { try reader.skip(8, "ERSPAN subheader") }
    let tunnel = Tunnel(.erspan3, identifier: UInt32(session & 0x3ff), ends: ends)
    switch flags >> 10 & 0x1f {
    case 0: return Encapsulation(tunnel, ethernet: reader.rest)
    case 2:
      let isVersion6 = (reader.rest.first ?? 0) >> 4 == 6
      return Encapsulation(tunnel, etherType: isVersion6 ? 0x86dd : 0x0800, reader.rest)
    default: return nil
    }
  }
}
