/// The type of a DHCPv6 message (RFC 8415 section 7.3).
package struct DHCPv6MessageType: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  package let rawValue: UInt8

  /// A message type from its number; any number is allowed.
  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// A client looks for servers.
  package static let solicit = DHCPv6MessageType(rawValue: 1)
  /// A server offers itself.
  package static let advertise = DHCPv6MessageType(rawValue: 2)
  /// A client asks one server for addresses.
  package static let request = DHCPv6MessageType(rawValue: 3)
  /// A client asks whether its addresses fit the link.
  package static let confirm = DHCPv6MessageType(rawValue: 4)
  /// A client extends its lease with its server.
  package static let renew = DHCPv6MessageType(rawValue: 5)
  /// A client extends its lease with any server.
  package static let rebind = DHCPv6MessageType(rawValue: 6)
  /// A server answers.
  package static let reply = DHCPv6MessageType(rawValue: 7)
  /// A client gives its addresses back.
  package static let release = DHCPv6MessageType(rawValue: 8)
  /// A client found an address in use.
  package static let decline = DHCPv6MessageType(rawValue: 9)
  /// A server asks the client to renew.
  package static let reconfigure = DHCPv6MessageType(rawValue: 10)
  /// A client asks for everything but addresses.
  package static let informationRequest = DHCPv6MessageType(rawValue: 11)
  /// A relay agent passes a message on to servers.
  package static let relayForward = DHCPv6MessageType(rawValue: 12)
  /// A server answers through a relay agent.
  package static let relayReply = DHCPv6MessageType(rawValue: 13)

  /// Whether it is a relay agent's, with another header and a message inside.
  package var isRelayed: Bool { self == .relayForward || self == .relayReply }
  /// Whether it comes from a server.
  package var isFromServer: Bool {
    [.advertise, .reply, .reconfigure, .relayReply].contains(self)
  }
}

extension DHCPv6MessageType: CustomStringConvertible {
  /// The name in capitals, as RFC 8415 writes it; `type 42` for others.
  package var description: String {
    let names = [
      "SOLICIT", "ADVERTISE", "REQUEST", "CONFIRM", "RENEW", "REBIND", "REPLY", "RELEASE",
      "DECLINE", "RECONFIGURE", "INFORMATION-REQUEST", "RELAY-FORW", "RELAY-REPL",
    ]
    let index = Int(rawValue) - 1
    return names.indices.contains(index) ? names[index] : "type \(rawValue)"
  }
}
