import Addresses

/// The one's complement sum of 16-bit words (RFC 1071).
struct InternetChecksum {
  private var sum: UInt64 = 0

  /// Adds bytes; only the last part added may have an odd length.
  mutating func add(_ bytes: ArraySlice<UInt8>) {
    sum += bytes.withUnsafeBytes { buffer in
      var sum: UInt64 = 0
      var index = 0
      while index + 1 < buffer.count {
        sum += UInt64(buffer[index]) << 8 | UInt64(buffer[index + 1])
        index += 2
      }
      if index < buffer.count { sum += UInt64(buffer[index]) << 8 }
      return sum
    }
  }

  /// Adds a 32-bit number as two words.
  mutating func add(_ value: UInt32) {
    sum += UInt64(value >> 16) + UInt64(value & 0xffff)
  }

  /// Adds an address as 16-bit words.
  mutating func add(_ address: IPAddress) {
    switch address {
    case .v4(let address): add(address.rawValue)
    case .v6(let address):
      for half in [address.high, address.low] {
        add(UInt32(half >> 32))
        add(UInt32(truncatingIfNeeded: half))
      }
    }
  }

  /// The sum folded to 16 bits; 0xffff when the sum includes a right checksum.
  var folded: UInt16 {
    var folded = sum
    while folded > 0xffff { folded = folded >> 16 + folded & 0xffff }
    return UInt16(folded)
  }
}
