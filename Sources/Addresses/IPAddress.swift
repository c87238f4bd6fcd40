/// An address of either version of IP.
package enum IPAddress: Hashable, Sendable {
  /// An IPv4 address.
  case v4(IPv4Address)
  /// An IPv6 address.
  case v6(IPv6Address)

  /// The IPv4 address; `nil` for IPv6.
  package var v4: IPv4Address? {
    guard case .v4(let address) = self else { return nil }
    return address
  }

  /// The IPv6 address; `nil` for IPv4.
  package var v6: IPv6Address? {
    guard case .v6(let address) = self else { return nil }
    return address
  }

  /// Whether it is 0.0.0.0 or `::`.
  package var isUnspecified: Bool { self == .v4(.any) || self == .v6(.any) }
}

extension IPAddress: Comparable {
  /// IPv4 before IPv6, each in numeric order.
  package static func < (left: IPAddress, right: IPAddress) -> Bool {
    switch (left, right) {
    case (.v4(let left), .v4(let right)): left < right
    case (.v6(let left), .v6(let right)): left < right
    case (.v4, .v6): true
    case (.v6, .v4): false
    }
  }
}

extension IPAddress: LosslessStringConvertible {
  /// A dotted quad or an IPv6 address.
  package init?(_ description: String) {
    if let address = IPv4Address(description) {
      self = .v4(address)
    } else if let address = IPv6Address(description) {
      self = .v6(address)
    } else {
      return nil
    }
  }

  /// The address in its version's form, without brackets.
  package var description: String {
    switch self {
    case .v4(let address): address.description
    case .v6(let address): address.description
    }
  }
}
