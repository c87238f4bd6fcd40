import Addresses

/// A node of a device path (UEFI 2.10 section 10.3). A node that is not modelled, or whose length
/// is not the one of its kind, is `.other`, so that bytes always survive.
package enum DevicePathNode: Hashable, Sendable {
  /// A PCI root bridge: ACPI PNP0A03, or PNP0A08 for PCI Express, with its unique number.
  case pciRoot(isExpress: Bool, uid: UInt32)
  /// Another ACPI device, by its compressed EISA identifier.
  case acpi(hid: UInt32, uid: UInt32)
  /// A PCI function.
  case pci(device: UInt8, function: UInt8)
  /// A network adapter with its interface type (RFC 3232; 1 is Ethernet).
  case mac(MACAddress, interfaceType: UInt8)
  /// An IPv4 configuration.
  case ipv4(IPv4Node)
  /// An IPv6 configuration, its body as it is.
  case ipv6(IPv6Node)
  /// An 802.1Q VLAN ID.
  case vlan(UInt16)
  /// A URI; empty where DHCP will give one.
  case uri(String)
  /// A USB port and interface.
  case usb(port: UInt8, interface: UInt8)
  /// A SATA port, port multiplier port (0xffff: none) and logical unit.
  case sata(port: UInt16, multiplier: UInt16, unit: UInt16)
  /// A SCSI target and logical unit.
  case scsi(target: UInt16, unit: UInt16)
  /// A partition.
  case partition(PartitionNode)
  /// A file, with backslashes.
  case file(String)
  /// A firmware volume.
  case firmwareVolume(GUID)
  /// A file in a firmware volume.
  case firmwareFile(GUID)
  /// A device that ACPI names by its address (_ADR), such as a display's output.
  case acpiAddress(UInt32)
  /// A controller within a device.
  case controller(UInt32)
  /// A serial line: its speed in baud, bits of data, parity and stop bits by their numbers in UEFI
  /// 2.10 section 10.3.4.19; zero is the default of each.
  case uart(baud: UInt64, dataBits: UInt8, parity: UInt8, stopBits: UInt8)
  /// An NVMe namespace with its EUI-64, most significant byte first.
  case nvme(namespace: UInt32, identifier: UInt64)
  /// A boot entry of a CD, with its first block and size in blocks.
  case cdROM(entry: UInt32, start: UInt64, size: UInt64)
  /// A vendor's own node under hardware, messaging or media, with its data.
  case vendor(VendorKind, GUID, data: [UInt8])
  /// Any other node: its type, subtype and body.
  case other(type: UInt8, subtype: UInt8, body: [UInt8])

  /// What stands between the instances of a path (UEFI 2.10 section 10.3.1).
  static let endOfInstance = DevicePathNode.other(type: 0x7f, subtype: 1, body: [])

  /// Which kind of node a vendor defined.
  package enum VendorKind: UInt8, Hashable, Sendable {
    /// A hardware node (type 1, subtype 4).
    case hardware = 1
    /// A messaging node (type 3, subtype 10).
    case messaging = 3
    /// A media node (type 4, subtype 3).
    case media = 4

    var subtype: UInt8 {
      switch self {
      case .hardware: 4
      case .messaging: 10
      case .media: 3
      }
    }

    var name: String {
      switch self {
      case .hardware: "VenHw"
      case .messaging: "VenMsg"
      case .media: "VenMedia"
      }
    }
  }
}

/// An IPv4 device path node (UEFI 2.10 section 10.3.4.12).
package struct IPv4Node: Hashable, Sendable {
  /// The machine's address.
  package var local: IPv4Address
  /// The peer's address.
  package var remote: IPv4Address
  /// The machine's port.
  package var localPort: UInt16
  /// The peer's port.
  package var remotePort: UInt16
  /// The protocol above: 6 TCP, 17 UDP, 0 when unsaid.
  package var transport: UInt16
  /// Whether the machine's address is static rather than from DHCP.
  package var isStatic: Bool
  /// The gateway.
  package var gateway: IPv4Address
  /// The netmask.
  package var netmask: IPv4Address

  /// The configuration that a boot entry carries before DHCP: all zero.
  package static let unconfigured = IPv4Node(
    local: .any, remote: .any, localPort: 0, remotePort: 0, transport: 0, isStatic: false,
    gateway: .any, netmask: .any)
}

/// An IPv6 device path node (UEFI 2.10 section 10.3.4.13). Addresses are 16 bytes each.
package struct IPv6Node: Hashable, Sendable {
  /// The machine's address.
  package var local: [UInt8]
  /// The peer's address.
  package var remote: [UInt8]
  /// The machine's port.
  package var localPort: UInt16
  /// The peer's port.
  package var remotePort: UInt16
  /// The protocol above: 6 TCP, 17 UDP, 0 when unsaid.
  package var transport: UInt16
  /// Where the address comes from: 0 static, 1 stateless, 2 stateful autoconfiguration.
  package var origin: UInt8
  /// The prefix length in bits.
  package var prefixLength: UInt8
  /// The gateway.
  package var gateway: [UInt8]
}

/// A hard drive device path node (UEFI 2.10 section 10.3.5.1).
package struct PartitionNode: Hashable, Sendable {
  /// The partition's number, from 1.
  package var number: UInt32
  /// Its first block.
  package var start: UInt64
  /// Its size in blocks.
  package var size: UInt64
  /// Its signature: a GUID for GPT, four bytes and zeros for MBR.
  package var signature: [UInt8]
  /// The partition table's format: 1 MBR, 2 GPT.
  package var format: UInt8
  /// The kind of the signature: 0 none, 1 MBR, 2 GUID.
  package var signatureType: UInt8
}
