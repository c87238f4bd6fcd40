/// The status code of DHCPv6 option 13 (RFC 8415 section 21.13).
package struct DHCPv6StatusCode: RawRepresentable, Hashable, Sendable, Codable {
  /// The number on the wire.
  package let rawValue: UInt16

  /// A status code from its number; any number is allowed.
  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// All is well.
  package static let success = DHCPv6StatusCode(rawValue: 0)
  /// The server has no addresses to give.
  package static let noAddressesAvailable = DHCPv6StatusCode(rawValue: 2)
  /// The server knows nothing of the client's binding.
  package static let noBinding = DHCPv6StatusCode(rawValue: 3)
  /// The address does not fit the client's link.
  package static let notOnLink = DHCPv6StatusCode(rawValue: 4)
}

extension DHCPv6StatusCode: CustomStringConvertible {
  /// The name as the RFCs write it; `status 42` for others.
  package var description: String {
    let names = [
      "Success", "UnspecFail", "NoAddrsAvail", "NoBinding", "NotOnLink", "UseMulticast",
      "NoPrefixAvail",
    ]
    let index = Int(rawValue)
    return names.indices.contains(index) ? names[index] : "status \(rawValue)"
  }
}
