import Addresses

/// The options as values. Each is `nil` when the option is absent or has a length that its
/// definition forbids; `data(of:)` gives the bytes in either case.
extension DHCPv6Message {
  /// Option 1: who the client is.
  package var clientIdentifier: DHCPUniqueIdentifier? {
    data(of: 1).map(DHCPUniqueIdentifier.init)
  }

  /// Option 2: who the server is.
  package var serverIdentifier: DHCPUniqueIdentifier? {
    data(of: 2).map(DHCPUniqueIdentifier.init)
  }

  /// Options 3, 4 and 25: the identity associations in order.
  package var identityAssociations: [DHCPv6IdentityAssociation] {
    options.compactMap(DHCPv6IdentityAssociation.init)
  }

  /// Option 6: the options that the client wants.
  package var requestedOptions: [UInt16]? { uint16s(6) }

  /// Option 7: how much the server wants to be chosen, 0 to 255.
  package var preference: UInt8? {
    guard let bytes = data(of: 7), bytes.count == 1 else { return nil }
    return bytes.first
  }

  /// Option 8: since when the client tries, in hundredths of a second.
  package var elapsedTime: UInt16? { uint16s(8)?.first }

  /// Option 13 of the message itself.
  package var status: DHCPv6Status? { options.lazy.compactMap(DHCPv6Status.init).first }

  /// Option 15: the user classes.
  package var userClasses: [String]? {
    data(of: 15).map { Self.lengthPrefixed($0).map { DHCPMessage.text($0) } }
  }

  /// Option 16: the vendor's enterprise number and its classes.
  package var vendorClass: (enterprise: UInt32, classes: [String])? {
    guard let bytes = data(of: 16) else { return nil }
    var reader = ByteReader(bytes, layer: .dhcpv6)
    guard let enterprise = try? reader.uint32("enterprise number") else { return nil }
    return (enterprise, Self.lengthPrefixed(reader.rest).map { DHCPMessage.text($0) })
  }

  /// Option 17: the vendor's enterprise number and the bytes of its own options.
  package var vendorOptions: (enterprise: UInt32, options: [DHCPv6Option])? {
    guard let bytes = data(of: 17) else { return nil }
    var reader = ByteReader(bytes, layer: .dhcpv6)
    guard let enterprise = try? reader.uint32("enterprise number") else { return nil }
    var ignored: WireError?
    return (enterprise, DHCPv6Option.list(in: reader.rest, error: &ignored))
  }

  /// Option 18: the relay agent's interface, opaque.
  package var interfaceID: [UInt8]? { data(of: 18).map { [UInt8]($0) } }

  /// Option 23: the DNS servers, preferred first (RFC 3646).
  package var domainNameServers: [IPv6Address]? {
    guard let bytes = data(of: 23), !bytes.isEmpty, bytes.count % 16 == 0 else { return nil }
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 16).compactMap {
      IPv6Address(octets: bytes[$0..<$0 + 16])
    }
  }

  /// Option 59: the boot file's URL (RFC 5970 section 3.1).
  package var bootFileURL: String? { data(of: 59).map { DHCPMessage.text($0) } }

  /// Option 60: the boot program's parameters (RFC 5970 section 3.2).
  package var bootFileParameters: [String]? {
    data(of: 60).map { Self.lengthPrefixed($0).map { DHCPMessage.text($0) } }
  }

  /// Option 61: the client's architectures (RFC 5970 section 3.3).
  package var clientArchitectures: [ClientArchitecture]? {
    uint16s(61).map { $0.map(ClientArchitecture.init(rawValue:)) }
  }

  /// Option 62: the client's network interface: type (1 is UNDI), major and minor version.
  package var clientInterface: (type: UInt8, major: UInt8, minor: UInt8)? {
    guard let bytes = data(of: 62).map({ [UInt8]($0) }), bytes.count == 3 else { return nil }
    return (bytes[0], bytes[1], bytes[2])
  }

  /// Option 79: the client's MAC address as its relay agent saw it (RFC 6939).
  package var clientLinkLayerAddress: MACAddress? {
    guard let bytes = data(of: 79), bytes.count == 8, bytes.prefix(2) == [0, 1] else { return nil }
    return MACAddress(octets: bytes.dropFirst(2))
  }

  /// Whether the client is iPXE, which names itself in its user class.
  package var isFromIPXE: Bool { userClasses?.contains("iPXE") == true }

  /// Every address of every identity association.
  package var addresses: [IPv6Address] {
    identityAssociations.flatMap(\.addresses).map(\.address)
  }

  /// The first status that is no success: of the message, of an association, an address or a prefix.
  package var failure: DHCPv6Status? {
    let associations = identityAssociations
    let inner = associations.flatMap {
      [$0.status] + $0.addresses.map(\.status) + $0.prefixes.map(\.status)
    }
    return ([status] + inner).lazy.compactMap { $0 }.first { $0.code != .success }
  }

  private func uint16s(_ code: UInt16) -> [UInt16]? {
    guard let bytes = data(of: code), !bytes.isEmpty, bytes.count % 2 == 0 else { return nil }
    return stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
      UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
    }
  }

  private static func lengthPrefixed(_ bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var reader = ByteReader(bytes, layer: .dhcpv6)
    var parts: [ArraySlice<UInt8>] = []
    while let length = try? reader.uint16("length"), let part = try? reader.slice(Int(length), "") {
      parts.append(part)
    }
    return parts
  }
}
