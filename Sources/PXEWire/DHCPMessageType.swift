/// The value of DHCP option 53 (RFC 2132 section 9.6).
package struct DHCPMessageType: RawRepresentable, Hashable, Sendable {
  /// The number on the wire.
  package let rawValue: UInt8

  /// A message type from its number; any number is allowed.
  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// A client looks for servers.
  package static let discover = DHCPMessageType(rawValue: 1)
  /// A server offers an address.
  package static let offer = DHCPMessageType(rawValue: 2)
  /// A client takes an offer, or renews.
  package static let request = DHCPMessageType(rawValue: 3)
  /// A client found the address in use.
  package static let decline = DHCPMessageType(rawValue: 4)
  /// A server grants the lease.
  package static let ack = DHCPMessageType(rawValue: 5)
  /// A server refuses the lease.
  package static let nak = DHCPMessageType(rawValue: 6)
  /// A client gives its address back.
  package static let release = DHCPMessageType(rawValue: 7)
  /// A client with an address asks for the other options.
  package static let inform = DHCPMessageType(rawValue: 8)
}

extension DHCPMessageType: CustomStringConvertible {
  /// The name in capitals, as RFC 2131 writes it without `DHCP`; `type 13` for others.
  package var description: String {
    let names = [
      "DISCOVER", "OFFER", "REQUEST", "DECLINE", "ACK", "NAK", "RELEASE", "INFORM",
    ]
    let index = Int(rawValue) - 1
    return names.indices.contains(index) ? names[index] : "type \(rawValue)"
  }
}
