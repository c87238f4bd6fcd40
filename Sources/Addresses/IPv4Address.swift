/// An IPv4 address (RFC 791).
package struct IPv4Address: Hashable, Sendable {
  /// The address as a number, most significant octet first.
  package let rawValue: UInt32

  /// An address from its number.
  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// An address from four octets in network order; `nil` for another count.
  package init?(octets: some Collection<UInt8>) {
    guard octets.count == 4 else { return nil }
    self.init(rawValue: octets.reduce(0) { $0 << 8 | UInt32($1) })
  }

  /// The four octets in network order.
  package var octets: [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> UInt32(24 - 8 * $0)) }
  }

  /// 0.0.0.0.
  package static let any = IPv4Address(rawValue: 0)
  /// 255.255.255.255.
  package static let broadcast = IPv4Address(rawValue: .max)
}

extension IPv4Address: Comparable {
  /// Numeric order.
  package static func < (left: IPv4Address, right: IPv4Address) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension IPv4Address: LosslessStringConvertible {
  /// Dotted quad, decimal, without leading zeros beyond a single `0`.
  package init?(_ description: String) {
    let parts = description.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard let octet = UInt8(part), String(octet) == part else { return nil }
      value = value << 8 | UInt32(octet)
    }
    self.init(rawValue: value)
  }

  /// Dotted quad: `192.168.100.1`.
  package var description: String { octets.map(String.init).joined(separator: ".") }
}
