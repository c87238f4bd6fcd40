import Addresses

/// A boot entry: the contents of a `Boot####` variable (EFI_LOAD_OPTION, UEFI 2.10 section 3.1.3).
package struct LoadOption: Hashable, Sendable {
  /// Whether the boot manager considers the entry, and its category.
  package var attributes: Attributes
  /// The name that the boot menu shows.
  package var description: String
  /// What is booted.
  package var devicePath: DevicePath
  /// Data for the booted image. OVMF marks entries that it made itself here with a GUID.
  package var optionalData: [UInt8]

  /// A boot entry.
  package init(
    attributes: Attributes, description: String, devicePath: DevicePath,
    optionalData: [UInt8] = []
  ) {
    self.attributes = attributes
    self.description = description
    self.devicePath = devicePath
    self.optionalData = optionalData
  }

  /// The attributes of a boot entry (LOAD_OPTION_*).
  package struct Attributes: OptionSet, Hashable, Sendable {
    /// The bits.
    package let rawValue: UInt32

    /// Attributes from their bits.
    package init(rawValue: UInt32) {
      self.rawValue = rawValue
    }

    /// Tried when its turn comes in the boot order (bit 0).
    package static let active = Attributes(rawValue: 1)
    /// Drivers are reconnected after a driver option is loaded (bit 1).
    package static let forceReconnect = Attributes(rawValue: 2)
    /// Not shown in a menu (bit 3).
    package static let hidden = Attributes(rawValue: 8)
    /// An application, such as setup, that is not tried in the boot order (category 1).
    package static let application = Attributes(rawValue: 0x100)
  }

  /// Decodes a variable's contents.
  ///
  /// - Throws: `EFIDecodingError` with the offset.
  package init(bytes: [UInt8]) throws(EFIDecodingError) {
    var reader = ByteReader(bytes[...], of: "load option")
    attributes = Attributes(rawValue: try reader.number(UInt32.self))
    let pathLength = Int(try reader.number(UInt16.self))
    var units: [UInt16] = []
    while true {
      let unit = try reader.number(UInt16.self)
      if unit == 0 { break }
      units.append(unit)
    }
    description = String(decoding: units, as: UTF16.self)
    devicePath = try DevicePath(bytes: Array(try reader.take(pathLength)))
    optionalData = Array(try reader.take(reader.remaining))
  }

  /// The variable's contents.
  package var bytes: [UInt8] {
    let path = devicePath.bytes
    return attributes.rawValue.littleEndianBytes
      + UInt16(truncatingIfNeeded: path.count).littleEndianBytes
      + (Array(description.utf16) + [0]).flatMap(\.littleEndianBytes) + path + optionalData
  }
}

extension LoadOption {
  /// How a network entry boots.
  package enum NetworkProtocol: String, Hashable, Sendable {
    /// PXE over IPv4.
    case pxeIPv4
    /// PXE over IPv6.
    case pxeIPv6
    /// HTTP over IPv4.
    case httpIPv4
    /// HTTP over IPv6.
    case httpIPv6
    /// A boot service of the adapter's own option ROM, which ends at the MAC node (iPXE).
    case optionROM
  }

  /// How the entry boots over the network; `nil` when it does not.
  package var networkProtocol: NetworkProtocol? {
    guard devicePath.macAddress != nil else { return nil }
    var isIPv4 = false
    var isIPv6 = false
    var hasURI = false
    for node in devicePath.nodes {
      switch node {
      case .ipv4: isIPv4 = true
      case .ipv6: isIPv6 = true
      case .uri: hasURI = true
      default: break
      }
    }
    return switch (isIPv4, isIPv6, hasURI) {
    case (true, _, false): .pxeIPv4
    case (_, true, false): .pxeIPv6
    case (true, _, true): .httpIPv4
    case (_, true, true): .httpIPv6
    default: .optionROM
    }
  }
}
