import Addresses

extension Encapsulation {
  /// The frame that a UDP datagram carries: VXLAN on ports 4789, 8472 (Linux's and Flannel's) and 4790
  /// (with the protocol extension), GENEVE on 6081, TZSP on 37008. `nil` for any other datagram, also
  /// one that only uses such a port.
  ///
  /// - Parameters:
  ///   - datagram: the datagram.
  ///   - source: the packet's sender.
  ///   - destination: its receiver.
  package init?(_ datagram: UDPDatagram, from source: IPAddress, to destination: IPAddress) {
    let ends = Tunnel.Ends(source: source, destination: destination)
    let found: Encapsulation? =
      switch datagram.destinationPort {
      case 4789, 4790, 8472: try? Self.vxlan(datagram.payload, ends)
      case 6081: try? Self.geneve(datagram.payload, ends)
      case 37008: try? Self.tzsp(datagram.payload, ends)
      default: nil
      }
    guard let found else { return nil }
    self = found
  }

  /// RFC 7348 section 5. The bits that it reserves are used by group policies and the protocol
  /// extension, except for the last octet.
  private static func vxlan(
    _ bytes: ArraySlice<UInt8>, _ ends: Tunnel.Ends
  ) throws(WireError) -> Encapsulation? {
    var reader = ByteReader(bytes, layer: .tunnel)
    let flags = try reader.uint8("VXLAN flags")
    try reader.skip(2, "VXLAN group policy")
    let next = try reader.uint8("VXLAN next protocol")
    let identifier = try reader.uint32("VNI")
    guard flags & 0x08 != 0, identifier & 0xff == 0 else { return nil }
    let tunnel = Tunnel(.vxlan, identifier: identifier >> 8, ends: ends)
    guard flags & 0x04 != 0 else { return Encapsulation(tunnel, ethernet: reader.rest) }
    return switch next {
    case 1: Encapsulation(tunnel, etherType: 0x0800, reader.rest)
    case 2: Encapsulation(tunnel, etherType: 0x86dd, reader.rest)
    case 3: Encapsulation(tunnel, ethernet: reader.rest)
    default: nil
    }
  }

  /// RFC 8926 section 3.4. Control packets carry nothing of the network.
  private static func geneve(
    _ bytes: ArraySlice<UInt8>, _ ends: Tunnel.Ends
  ) throws(WireError) -> Encapsulation? {
    var reader = ByteReader(bytes, layer: .tunnel)
    let versionAndLength = try reader.uint8("GENEVE version")
    let flags = try reader.uint8("GENEVE flags")
    let type = try reader.uint16("GENEVE protocol type")
    let identifier = try reader.uint32("VNI")
    guard versionAndLength >> 6 == 0, flags & 0xbf == 0, identifier & 0xff == 0 else { return nil }
    try reader.skip(Int(versionAndLength & 0x3f) * 4, "GENEVE options")
    return carried(
      type, reader.rest, Tunnel(.geneve, identifier: identifier >> 8, ends: ends))
  }

  /// The form that Wireshark documents (wiki.wireshark.org/TZSP): a header, then tagged fields up to
  /// the field 1.
  private static func tzsp(
    _ bytes: ArraySlice<UInt8>, _ ends: Tunnel.Ends
  ) throws(WireError) -> Encapsulation? {
    var reader = ByteReader(bytes, layer: .tunnel)
    let version = try reader.uint8("TZSP version")
    let type = try reader.uint8("TZSP type")
    let content = try reader.uint16("TZSP protocol")
    // Received and sent packets; the others configure and keep alive. Only Ethernet is read.
    guard version == 1, type <= 1, content == 1 else { return nil }
    while true {
      switch try reader.uint8("TZSP field") {
      case 0: continue
      case 1: return Encapsulation(Tunnel(.tzsp, ends: ends), ethernet: reader.rest)
      default:
        try reader.skip(Int(try reader.uint8("length of a TZSP field")), "TZSP field")
      }
    }
  }

  /// What an EtherType says is carried; `nil` for what is not read.
  static func carried(
    _ etherType: UInt16, _ bytes: ArraySlice<UInt8>, _ tunnel: Tunnel
  ) -> Encapsulation? {
    switch etherType {
    case 0x6558: Encapsulation(tunnel, ethernet: bytes)
    case 0x0800, 0x0806, 0x86dd, 0x8847, 0x8848: Encapsulation(tunnel, etherType: etherType, bytes)
    default: nil
    }
  }
}
