import Addresses

/// A DHCPv6 message (RFC 8415 sections 8 and 9).
package struct DHCPv6Message: Hashable, Sendable {
  /// What kind of message this is.
  package let type: DHCPv6MessageType
  /// The transaction ID, 24 bits, chosen by the client; `nil` in a relay agent's message.
  package let transactionID: UInt32?
  /// What a relay agent put around another message; `nil` for a client's or server's own.
  package let relay: Relay?
  /// Every option in order, raw.
  package let options: [DHCPv6Option]
  /// The first option that does not fit, which was dropped with what follows it.
  package let optionsError: WireError?

  /// The header of a RELAY-FORW or RELAY-REPL message (RFC 8415 section 9).
  package struct Relay: Hashable, Sendable {
    /// The relay agents passed before.
    package let hopCount: UInt8
    /// An address of the client's link, by which the server chooses; `::` where option 18 does.
    package let linkAddress: IPv6Address
    /// Whose message was passed on.
    package let peerAddress: IPv6Address
  }

  /// Decodes the payload of a datagram between ports 546 and 547. Throws when the header is
  /// incomplete.
  package init(decoding bytes: ArraySlice<UInt8>) throws(WireError) {
    var reader = ByteReader(bytes, layer: .dhcpv6)
    type = DHCPv6MessageType(rawValue: try reader.uint8("message type"))
    if type.isRelayed {
      relay = Relay(
        hopCount: try reader.uint8("hop count"),
        linkAddress: try reader.ipv6Address("link address"),
        peerAddress: try reader.ipv6Address("peer address"))
      transactionID = nil
    } else {
      relay = nil
      let high = try reader.uint8("transaction ID")
      transactionID = UInt32(high) << 16 | UInt32(try reader.uint16("transaction ID"))
    }
    var error: WireError?
    options = DHCPv6Option.list(in: reader.rest, error: &error)
    optionsError = error
  }

  /// The bytes of the first option with a code; `nil` when it is not there.
  package func data(of code: UInt16) -> ArraySlice<UInt8>? {
    options.first { $0.code == code }?.data
  }

  /// Option 9: the message that a relay agent passes on; `nil` when there is none or it does not
  /// decode.
  package var relayed: DHCPv6Message? {
    data(of: 9).flatMap { try? DHCPv6Message(decoding: $0) }
  }

  /// The client's or server's message inside all relay agents' (at most 32, RFC 8415 section 7.6),
  /// and the relay headers around it, outermost first; `nil` when it is missing.
  package var innermost: (message: DHCPv6Message, relays: [Relay])? {
    var message = self
    var relays: [Relay] = []
    while let relay = message.relay {
      guard relays.count < 32, let inner = message.relayed else { return nil }
      relays.append(relay)
      message = inner
    }
    return (message, relays)
  }
}
