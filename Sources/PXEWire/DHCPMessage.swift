import Addresses

/// A DHCP or BOOTP message (RFC 2131 section 2, RFC 951).
package struct DHCPMessage: Hashable, Sendable {
  /// 1 from a client (BOOTREQUEST), 2 from a server (BOOTREPLY).
  package let operation: UInt8
  /// The hardware type; 1 is Ethernet.
  package let hardwareType: UInt8
  /// The relay agents passed.
  package let hops: UInt8
  /// The transaction ID, chosen by the client; all messages of one exchange share it.
  package let xid: UInt32
  /// Seconds since the client began, by its own count.
  package let secondsElapsed: UInt16
  /// The flags; the highest bit asks for broadcast replies.
  package let flags: UInt16
  /// `ciaddr`, the address that a renewing client already uses.
  package let clientAddress: IPv4Address
  /// `yiaddr`, the address given to the client.
  package let yourAddress: IPv4Address
  /// `siaddr`, the server to load the boot file from.
  package let nextServer: IPv4Address
  /// `giaddr`, the relay agent's address.
  package let relayAddress: IPv4Address
  /// `chaddr` as a MAC address; `nil` when the hardware address is not 6 bytes long.
  package let clientMAC: MACAddress?
  /// The server name field; empty when it is unused or holds options.
  package let serverName: String
  /// The boot file name field; empty when it is unused or holds options.
  package let fileField: String
  /// What stands in the server name field although option 52 says that it holds options; `nil` where
  /// it holds options, or option 52 does not speak of it.
  package let overloadedServerName: String?
  /// What stands in the boot file name field although option 52 says that it holds options; `nil`
  /// where it holds options, or option 52 does not speak of it.
  package let overloadedFileName: String?
  /// Whether the DHCP magic cookie 99.130.83.99 follows the fixed fields; a BOOTP message may lack
  /// it, and has no options then.
  package let hasMagicCookie: Bool
  /// Every option in order, raw, without the pad option 0 and the end option 255.
  package let options: [DHCPOption]
  /// Whether option 255 ends the options field.
  package let hasEndOption: Bool
  /// The first option that does not fit its field, which was dropped with what follows it there.
  package let optionsError: WireError?

  /// Decodes the payload of a datagram between ports 67, 68 and 4011. Throws when the fixed fields
  /// are incomplete or the operation is neither request nor reply.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .dhcp)
    operation = try reader.uint8("op")
    guard operation == 1 || operation == 2 else {
      throw .malformed(layer: .dhcp, reason: "op is \(operation), neither request nor reply")
    }
    hardwareType = try reader.uint8("htype")
    let hardwareLength = try reader.uint8("hlen")
    hops = try reader.uint8("hops")
    xid = try reader.uint32("xid")
    secondsElapsed = try reader.uint16("secs")
    flags = try reader.uint16("flags")
    clientAddress = try reader.ipv4Address("ciaddr")
    yourAddress = try reader.ipv4Address("yiaddr")
    nextServer = try reader.ipv4Address("siaddr")
    relayAddress = try reader.ipv4Address("giaddr")
    let hardwareAddress = try reader.slice(16, "chaddr")
    clientMAC = hardwareLength == 6 ? MACAddress(octets: hardwareAddress.prefix(6)) : nil
    let serverNameBytes = try reader.slice(64, "sname")
    let fileBytes = try reader.slice(128, "file")

    hasMagicCookie = reader.remaining >= 4 && reader.rest.prefix(4) == [99, 130, 83, 99]
    var options: [DHCPOption] = []
    var sawEnd = false
    var error: WireError?
    if hasMagicCookie {
      options = DHCPOption.list(
        in: reader.rest.dropFirst(4), field: .options, sawEnd: &sawEnd, error: &error)
    }
    hasEndOption = sawEnd
    // Option 52 says which of the two fixed fields hold options; `file` is read first (RFC 2131
    // section 4.1).
    let overload = options.first { $0.code == 52 }?.data.first ?? 0
    var ignored = false
    if overload & 1 != 0 {
      options += DHCPOption.list(in: fileBytes, field: .file, sawEnd: &ignored, error: &error)
    }
    if overload & 2 != 0 {
      options += DHCPOption.list(
        in: serverNameBytes, field: .serverName, sawEnd: &ignored, error: &error)
    }
    fileField = overload & 1 != 0 ? "" : Self.text(fileBytes)
    serverName = overload & 2 != 0 ? "" : Self.text(serverNameBytes)
    overloadedFileName = overload & 1 != 0 ? Self.name(inField: fileBytes) : nil
    overloadedServerName = overload & 2 != 0 ? Self.name(inField: serverNameBytes) : nil
    self.options = options
    optionsError = error
  }

  /// Whether the client asks for broadcast replies.
  package var isBroadcast: Bool { flags & 0x8000 != 0 }

  /// The bytes of an option, several instances of it joined in order (RFC 3396); `nil` when it is
  /// not there.
  package func data(of code: UInt8) -> [UInt8]? {
    var joined: [UInt8]?
    for option in options where option.code == code {
      joined = (joined ?? []) + option.data
    }
    return joined
  }

  /// The client's MAC address in the first 34 bytes of a message that the capture cut; `nil` where
  /// they are not there or it is no MAC address.
  package static func clientMAC(inStart bytes: ArraySlice<UInt8>) -> MACAddress? {
    guard bytes.count >= 34, bytes[bytes.startIndex + 2] == 6 else { return nil }
    return MACAddress(octets: bytes.dropFirst(28).prefix(6))
  }

  /// The name that a field consists of: printable ASCII characters, and zero bytes after them. No
  /// options look so, whose lengths would have to be characters too.
  private static func name(inField bytes: ArraySlice<UInt8>) -> String? {
    let name = bytes.prefix { $0 != 0 }
    guard name.count > 2, name.allSatisfy({ (0x20..<0x7f).contains($0) }),
      bytes.dropFirst(name.count).allSatisfy({ $0 == 0 })
    else { return nil }
    return text(name)
  }

  /// Text up to the first zero byte; servers differ in whether they send one.
  static func text(_ bytes: some Collection<UInt8>) -> String {
    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}
