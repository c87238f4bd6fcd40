import Addresses

/// The options as values. Each is `nil` when the option is absent or has a length that its
/// definition forbids; `data(of:)` gives the bytes in either case.
extension DHCPMessage {
  /// Option 53: what kind of message this is; `nil` for plain BOOTP.
  package var messageType: DHCPMessageType? {
    uint8(53).map(DHCPMessageType.init(rawValue:))
  }

  /// Option 1: the subnet mask.
  package var subnetMask: IPv4Address? { address(1) }

  /// Option 3: the routers, preferred first.
  package var routers: [IPv4Address]? { addresses(3) }

  /// Option 6: the DNS servers, preferred first.
  package var domainNameServers: [IPv4Address]? { addresses(6) }

  /// Option 12: the host name.
  package var hostName: String? { text(12) }

  /// Option 17: the path of the client's root file system, or the disk that it boots from (RFC 4173).
  package var rootPath: String? { text(17) }

  /// Option 43: the vendor-specific bytes; see `pxeOptions`.
  package var vendorSpecific: [UInt8]? { data(of: 43) }

  /// Option 50: the address that the client asks for.
  package var requestedAddress: IPv4Address? { address(50) }

  /// Option 51: the lease time in seconds.
  package var leaseTime: UInt32? { uint32(51) }

  /// Option 54: the server's identity. In a REQUEST, the server whose offer the client takes.
  package var serverIdentifier: IPv4Address? { address(54) }

  /// Option 55: the codes of the options that the client wants.
  package var parameterRequestList: [UInt8]? { data(of: 55) }

  /// Option 56: a server's reason for a NAK, or a client's for a DECLINE.
  package var message: String? { text(56) }

  /// Option 57: the longest message that the sender takes, in bytes.
  package var maximumMessageSize: UInt16? { uint16s(57)?.first }

  /// Option 58: T1, when to renew, in seconds.
  package var renewalTime: UInt32? { uint32(58) }

  /// Option 59: T2, when to rebind, in seconds.
  package var rebindingTime: UInt32? { uint32(59) }

  /// Option 60: the vendor class, `PXEClient:Arch:00007:UNDI:003010` from UEFI firmware.
  package var vendorClass: String? { text(60) }

  /// Option 61: the client identifier: a type byte, then the identifier.
  package var clientIdentifier: [UInt8]? { data(of: 61) }

  /// Option 66: the TFTP server's name or address as text.
  package var tftpServerName: String? { text(66) }

  /// Option 67: the boot file name.
  package var bootFileOption: String? { text(67) }

  /// Option 77: the user classes. Read as RFC 3004 has it when the lengths fit; otherwise, as from
  /// iPXE, the whole option is one class.
  package var userClasses: [String]? {
    guard let bytes = data(of: 77) else { return nil }
    var reader = ByteReader(bytes[...], layer: .dhcp)
    var classes: [String] = []
    while reader.remaining > 0 {
      guard let length = try? reader.uint8("user class length"), length > 0,
        let data = try? reader.slice(Int(length), "user class")
      else { return [Self.text(bytes)] }
      classes.append(Self.text(data))
    }
    return classes
  }

  /// Option 82: what relay agents added: sub-option codes and their bytes (RFC 3046).
  package var relayAgentInformation: [DHCPSubOption]? {
    data(of: 82).map { DHCPSubOption.list(in: $0) }
  }

  /// Option 93: the client's architectures, usually one (RFC 4578).
  package var clientArchitectures: [ClientArchitecture]? {
    uint16s(93).map { $0.map(ClientArchitecture.init(rawValue:)) }
  }

  /// Option 94: the client's network interface: type (1 is UNDI), major and minor version.
  package var clientInterface: (type: UInt8, major: UInt8, minor: UInt8)? {
    guard let bytes = data(of: 94), bytes.count == 3 else { return nil }
    return (bytes[0], bytes[1], bytes[2])
  }

  /// Option 97: the machine's UUID in its text form, lower case. The first three groups are stored
  /// little-endian, as SMBIOS has them (RFC 4578 section 2.3).
  package var clientMachineUUID: String? {
    guard let bytes = data(of: 97), bytes.count == 17, bytes[0] == 0 else { return nil }
    let order = [4, 3, 2, 1, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 16]
    let digits = order.map { index in
      String(bytes[index] >> 4, radix: 16) + String(bytes[index] & 0xf, radix: 16)
    }
    return [digits[0..<4], digits[4..<6], digits[6..<8], digits[8..<10], digits[10..<16]]
      .map { $0.joined() }.joined(separator: "-")
  }

  /// Option 175: iPXE's encapsulated options (its features and settings).
  package var ipxeOptions: [DHCPSubOption]? {
    data(of: 175).map { DHCPSubOption.list(in: $0) }
  }

  /// Whether the client is iPXE: user class `iPXE`, or option 175 in a request.
  package var isFromIPXE: Bool {
    operation == 1 && (userClasses?.contains("iPXE") == true || data(of: 175) != nil)
  }

  /// The boot file: the `file` field, or option 67 where that is empty; `nil` if neither is set.
  package var bootFile: String? {
    if !fileField.isEmpty { return fileField }
    guard let option = bootFileOption, !option.isEmpty else { return nil }
    return option
  }

  private func uint8(_ code: UInt8) -> UInt8? {
    guard let bytes = data(of: code), bytes.count == 1 else { return nil }
    return bytes[0]
  }

  private func uint16s(_ code: UInt8) -> [UInt16]? {
    guard let bytes = data(of: code), !bytes.isEmpty, bytes.count % 2 == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: 2).map { index in
      UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }
  }

  private func uint32(_ code: UInt8) -> UInt32? { address(code)?.rawValue }

  private func address(_ code: UInt8) -> IPv4Address? {
    guard let bytes = data(of: code) else { return nil }
    return IPv4Address(octets: bytes)
  }

  private func addresses(_ code: UInt8) -> [IPv4Address]? {
    guard let bytes = data(of: code), !bytes.isEmpty, bytes.count % 4 == 0 else { return nil }
    return stride(from: 0, to: bytes.count, by: 4).compactMap { index in
      IPv4Address(octets: bytes[index..<index + 4])
    }
  }

  private func text(_ code: UInt8) -> String? { data(of: code).map { Self.text($0) } }
}
