import PXEWire

/// How a file's timestamps become nanoseconds since the Unix epoch (pcapng's `if_tsresol` and
/// `if_tsoffset`).
struct TimestampResolution: Hashable {
  private enum Unit: Hashable {
    /// Nanoseconds in a unit.
    case multiple(UInt64)
    /// Units in a nanosecond.
    case fraction(UInt64)
    /// Binary digits of a second.
    case binary(UInt64)
  }

  private let unit: Unit
  private let offset: Int64

  /// - Parameters:
  ///   - code: the value of `if_tsresol`: a negative power of ten, or with the highest bit set, of
  ///     two. Microseconds where it is absent.
  ///   - offsetSeconds: the value of `if_tsoffset`.
  init(code: UInt8 = 6, offsetSeconds: Int64 = 0) {
    let digits = Int(code & 0x7f)
    if code & 0x80 != 0 {
      unit = .binary(UInt64(digits))
    } else if digits <= 9 {
      unit = .multiple(Self.power(of: 9 - digits))
    } else {
      // A unit of less than 10^-28 s would not fit, and 64 bits of them are under a nanosecond.
      unit = .fraction(Self.power(of: min(digits - 9, 19)))
    }
    offset = offsetSeconds &* 1_000_000_000
  }

  func time(_ count: UInt64) -> Timestamp {
    let nanoseconds: UInt64
    switch unit {
    case .multiple(let factor): nanoseconds = count &* factor
    case .fraction(let divisor): nanoseconds = count / divisor
    case .binary(let digits):
      let (high, low) = count.multipliedFullWidth(by: 1_000_000_000)
      nanoseconds =
        switch digits {
        case 0: low
        case 1..<64: high << (64 - digits) | low >> digits
        case 64..<128: high >> (digits - 64)
        default: 0
        }
    }
    return Timestamp(nanoseconds: Int64(truncatingIfNeeded: nanoseconds) &+ offset)
  }

  private static func power(of exponent: Int) -> UInt64 {
    (0..<exponent).reduce(1) { power, _ in power * 10 }
  }
}
