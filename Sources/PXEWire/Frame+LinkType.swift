import Addresses

extension MACAddress {
  /// 00:00:00:00:00:00: what a ``Frame`` has where the capture does not hold the address, and what
  /// Linux's loopback interface uses. No network card has it.
  package static let unspecified = MACAddress(rawValue: 0)

  /// Whether this is ``unspecified``.
  package var isUnspecified: Bool { self == .unspecified }
}

extension Frame {
  /// Decodes a packet that was captured with any link type that can be decoded.
  ///
  /// Without an Ethernet header a frame's addresses are what the capture holds. "Cooked" captures
  /// have the sender's address, and of the receiver only whether it was a broadcast
  /// (``Addresses/MACAddress/broadcast``); raw IP has neither. What is missing is
  /// ``Addresses/MACAddress/unspecified``.
  ///
  /// - Throws: `WireError` when the link-layer header is incomplete, or its type is not decoded.
  package init(decoding bytes: UnsafeRawBufferPointer, linkType: LinkType) throws(WireError) {
    guard let layout = linkType.layout else {
      throw .malformed(layer: .link, reason: "packets of \(linkType) are not decoded")
    }
    if layout == .ethernet {
      try self.init(decoding: bytes)
      return
    }
    var reader = ByteReader([UInt8](bytes)[...], layer: .link)
    var source = MACAddress.unspecified
    var destination = MACAddress.unspecified
    let etherType: UInt16
    switch layout {
    case .cooked:
      let packetType = try reader.uint16("packet type")
      let hardware = try reader.uint16("hardware type")
      let length = try reader.uint16("address length")
      let address = try reader.macAddress("address")
      if Self.hasMACAddress(hardware, length) { source = address }
      if packetType == 1 { destination = .broadcast }
      try reader.skip(2, "address")
      etherType = try reader.uint16("protocol")
    case .cooked2:
      etherType = try reader.uint16("protocol")
      try reader.skip(6, "interface index")
      let hardware = try reader.uint16("hardware type")
      let packetType = try reader.uint8("packet type")
      let length = UInt16(try reader.uint8("address length"))
      let address = try reader.macAddress("address")
      if Self.hasMACAddress(hardware, length) { source = address }
      if packetType == 1 { destination = .broadcast }
      try reader.skip(2, "address")
    case .family:
      // BSD's AF_INET is 2 in either byte order; other numbers differ between systems, the version
      // in the packet does not.
      try reader.skip(4, "address family")
      etherType = Self.etherType(ofPacket: reader.rest)
    default:
      etherType = Self.etherType(ofPacket: reader.rest)
    }
    try self.init(
      source: source, destination: destination, etherType: etherType, reading: &reader)
  }

  /// ARPHRD_ETHER and ARPHRD_LOOPBACK have MAC addresses.
  private static func hasMACAddress(_ hardware: UInt16, _ length: UInt16) -> Bool {
    length == 6 && (hardware == 1 || hardware == 772)
  }

  private static func etherType(ofPacket bytes: ArraySlice<UInt8>) -> UInt16 {
    switch bytes.first.map({ $0 >> 4 }) {
    case 4: 0x0800
    case 6: 0x86dd
    default: 0
    }
  }
}
