import Addresses

/// The PXE sub-options of DHCP option 43 (PXE specification 2.1, section 2.4).
package struct PXEOptions: Hashable, Sendable {
  /// Every sub-option in order, raw.
  package let subOptions: [DHCPSubOption]

  /// Sub-option 6, discovery control: bit 0 forbids broadcast discovery, bit 1 multicast, bit 2
  /// takes only the listed boot servers, bit 3 boots the given file without a menu or prompt.
  package var discoveryControl: UInt8? {
    guard let data = data(of: 6), data.count == 1 else { return nil }
    return data[0]
  }

  /// Whether discovery control tells the client to load the offered boot file straight away.
  package var bootsOfferedFile: Bool { (discoveryControl ?? 0) & 8 != 0 }

  /// Sub-option 8: the boot servers by type; those of one type in order of preference.
  package var bootServers: [(type: UInt16, addresses: [IPv4Address])] {
    guard let data = data(of: 8) else { return [] }
    var reader = ByteReader(data[...], layer: .dhcp)
    var servers: [(type: UInt16, addresses: [IPv4Address])] = []
    while let type = try? reader.uint16("boot server type"),
      let count = try? reader.uint8("boot server count"),
      let bytes = try? reader.slice(Int(count) * 4, "boot server addresses")
    {
      let starts = stride(from: bytes.startIndex, to: bytes.endIndex, by: 4)
      servers.append((type, starts.compactMap { IPv4Address(octets: bytes[$0..<$0 + 4]) }))
    }
    return servers
  }

  /// Sub-option 10: how long the menu prompt waits, in seconds (0 at once, 255 for ever), and its
  /// text.
  package var menuPrompt: (timeout: UInt8, text: String)? {
    guard let data = data(of: 10), let timeout = data.first else { return nil }
    return (timeout, DHCPMessage.text(data.dropFirst()))
  }

  /// Sub-option 9: the boot menu: boot server types with their descriptions; type 0 boots locally.
  package var bootMenu: [(type: UInt16, description: String)] {
    guard let data = data(of: 9) else { return [] }
    var reader = ByteReader(data[...], layer: .dhcp)
    var items: [(type: UInt16, description: String)] = []
    while let type = try? reader.uint16("boot menu type"),
      let length = try? reader.uint8("boot menu description length"),
      let bytes = try? reader.slice(Int(length), "boot menu description")
    {
      items.append((type, DHCPMessage.text(bytes)))
    }
    return items
  }

  /// Sub-option 71: the item of the menu that the client boots: a boot server's type and a layer,
  /// whose highest bit asks for credentials.
  package var bootItem: (type: UInt16, layer: UInt16)? {
    guard let data = data(of: 71) else { return nil }
    var reader = ByteReader(data[...], layer: .dhcp)
    guard let type = try? reader.uint16("boot item type"),
      let layer = try? reader.uint16("boot item layer")
    else { return nil }
    return (type, layer)
  }

  /// The bytes of the first sub-option with a code.
  package func data(of code: UInt8) -> [UInt8]? {
    subOptions.first { $0.code == code }?.data
  }
}

extension DHCPMessage {
  /// Option 43 read as PXE sub-options, as between a `PXEClient` and its server; `nil` when the
  /// message has no option 43 or a vendor class of another kind.
  package var pxeOptions: PXEOptions? {
    guard let bytes = vendorSpecific, vendorClass?.hasPrefix("PXEClient") != false else {
      return nil
    }
    return PXEOptions(subOptions: DHCPSubOption.list(in: bytes))
  }
}
