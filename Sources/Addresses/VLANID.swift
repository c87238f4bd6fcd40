/// An IEEE 802.1Q VLAN identifier that a port can carry, 1 to 4094.
package struct VLANID: Hashable, Sendable, RawRepresentable {
  /// The number, 1 to 4094 (0 is the priority tag, 4095 reserved: IEEE 802.1Q table 9-2).
  package let rawValue: UInt16

  /// An identifier; `nil` outside 1...4094.
  package init?(rawValue: UInt16) {
    guard (1...4094).contains(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  private init(unchecked rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// VLAN 1, the PVID that a bridge gives each new port unless told otherwise.
  package static let bridgeDefault = VLANID(unchecked: 1)
}

extension VLANID: Comparable {
  /// Numeric order.
  package static func < (left: VLANID, right: VLANID) -> Bool { left.rawValue < right.rawValue }
}

extension VLANID: CustomStringConvertible {
  /// The number in decimal.
  package var description: String { String(rawValue) }
}
