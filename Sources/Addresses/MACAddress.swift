/// A 48-bit IEEE 802 MAC address.
package struct MACAddress: Hashable, Sendable {
  /// The six octets, in transmission order, in the low 48 bits.
  package let rawValue: UInt64

  /// An address from its low 48 bits; higher bits are ignored.
  package init(rawValue: UInt64) {
    self.rawValue = rawValue & 0xffff_ffff_ffff
  }

  /// An address from six octets in transmission order; `nil` for another count.
  package init?(octets: some Collection<UInt8>) {
    guard octets.count == 6 else { return nil }
    self.init(rawValue: octets.reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The six octets in transmission order.
  package var octets: [UInt8] {
    (0..<6).map { UInt8(truncatingIfNeeded: rawValue >> UInt64(40 - 8 * $0)) }
  }

  /// Whether the group bit is set (IEEE 802: least significant bit of the first octet).
  package var isMulticast: Bool { rawValue >> 40 & 1 == 1 }

  /// ff:ff:ff:ff:ff:ff.
  package static let broadcast = MACAddress(rawValue: 0xffff_ffff_ffff)
}

extension MACAddress: LosslessStringConvertible {
  /// Six two-digit hexadecimal octets, separated throughout by colons or by dashes.
  package init?(_ description: String) {
    let separator: Character = description.contains("-") ? "-" : ":"
    let parts = description.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.count == 6 else { return nil }
    var value: UInt64 = 0
    for part in parts {
      guard part.count == 2, part.allSatisfy(\.isHexDigit), let octet = UInt8(part, radix: 16)
      else { return nil }
      value = value << 8 | UInt64(octet)
    }
    self.init(rawValue: value)
  }

  /// Lower case, colons: `de:00:00:00:00:de`.
  package var description: String {
    octets.map { octet in
      let digits = String(octet, radix: 16)
      return digits.count == 1 ? "0\(digits)" : digits
    }.joined(separator: ":")
  }
}
