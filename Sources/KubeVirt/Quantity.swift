/// A Kubernetes resource quantity, such as `1Gi` or `2500m`
/// (apimachinery, pkg/api/resource/quantity.go).
package struct Quantity: Hashable, Sendable {
  /// The value in billionths, rounded away from zero, as Kubernetes keeps it.
  package let nanos: Int128
  private let format: Format
  /// The text as written, where Kubernetes keeps that instead of its canonical form.
  private var literal: String?

  private enum Format: Hashable, Sendable {
    case decimal, binary, exponent
  }

  /// A whole number of units (bytes, for memory), written with binary suffixes.
  package init(bytes: Int64) {
    nanos = Int128(bytes) * 1_000_000_000
    format = .binary
  }

  /// A whole number of units, written as another quantity is.
  init(whole value: Int64, like other: Quantity) {
    nanos = Int128(value) * 1_000_000_000
    format = other.format
  }

  /// The value in whole units (bytes, for memory), rounded up; clamped to 64 bits.
  package var value: Int64 { scaled(1_000_000_000) }

  /// The value in thousandths (millicores, for CPU), rounded up; clamped to 64 bits.
  package var milliValue: Int64 { scaled(1_000_000) }

  private func scaled(_ unit: Int128) -> Int64 {
    let (quotient, remainder) = nanos.quotientAndRemainder(dividingBy: unit)
    return Int64(clamping: remainder > 0 ? quotient + 1 : quotient)
  }

  /// Kubernetes' message for a text that is no quantity.
  package static let syntaxMessage =
    "quantities must match the regular expression "
    + "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
}

extension Quantity {
  /// Equal when value and kind of suffix are, however written.
  package static func == (left: Quantity, right: Quantity) -> Bool {
    left.nanos == right.nanos && left.format == right.format
  }

  /// Hashes the value and the kind of suffix.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(nanos)
    hasher.combine(format)
  }

  /// What Kubernetes says of a text that is no quantity.
  package static func objection(to text: String) -> String {
    var rest = text.utf8[...]
    if let sign = rest.first, sign == 43 || sign == 45 { rest = rest.dropFirst() }
    func isDigit(_ byte: UInt8) -> Bool { (48...57).contains(byte) }
    rest = rest.drop(while: isDigit)
    if rest.first == 46 { rest = rest.dropFirst().drop(while: isDigit) }
    let suffix = rest
    rest = rest.drop { "eEinumkKMGTP".utf8.contains($0) }
    if let sign = rest.first, sign == 43 || sign == 45 { rest = rest.dropFirst() }
    rest = rest.drop(while: isDigit)
    return text.isEmpty || !rest.isEmpty || suffix.isEmpty
      ? syntaxMessage : "unable to parse quantity's suffix"
  }

  /// Whether Kubernetes keeps the text of a quantity: where it takes its fast path, and takes the
  /// text for canonical.
  private static func isKept(
    _ whole: Substring, _ fraction: Substring, _ scale: Scale
  ) -> Bool {
    var number = whole.drop { $0 == "0" }
    if number.isEmpty { number = "0" }
    let digits = number + fraction
    if scale.binaryPower > 0 {
      guard fraction.isEmpty, 15 - number.count - scale.binaryPower * 3 - 1 >= 0,
        let value = Int64(digits)
      else { return false }
      return value & 7 != 0
    }
    let exponent = scale.decimalExponent - fraction.count
    return digits.count <= 18 && exponent >= -9 && exponent % 3 == 0 && !digits.hasSuffix("000")
      && !digits.hasPrefix("0")
  }
}

extension Quantity: LosslessStringConvertible {
  /// A number with an optional suffix: n, u, m, k, M, G, T, P, E, Ki to Ei, or a decimal exponent.
  package init?(_ description: String) {
    var rest = Substring(description)
    let isNegative = rest.hasPrefix("-")
    if let sign = rest.first, "+-".contains(sign) { rest = rest.dropFirst() }
    let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let suffix = rest.dropFirst(number.count)
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), parts.contains(where: { !$0.isEmpty }),
      number.count <= 24, let scale = Scale(suffix)
    else { return nil }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard let digits = Int128("0\(parts[0])\(fraction)") else { return nil }
    guard let nanos = Self.apply(scale, to: digits, fractionDigits: fraction.count) else {
      return nil
    }
    self.nanos = isNegative ? -nanos : nanos
    format = scale.format
    if Self.isKept(parts[0], fraction, scale) { literal = description }
  }

  private static func apply(_ scale: Scale, to digits: Int128, fractionDigits: Int) -> Int128? {
    var value = digits
    if scale.binaryPower > 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 1 << (10 * scale.binaryPower))
      if overflow { return nil }
      value = product
    }
    var exponent = scale.decimalExponent + 9 - fractionDigits
    while exponent > 0 {
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      value = product
      exponent -= 1
    }
    var inexact = false
    while exponent < 0, value != 0 {
      let (quotient, remainder) = value.quotientAndRemainder(dividingBy: 10)
      inexact = inexact || remainder != 0
      value = quotient
      exponent += 1
    }
    return inexact || (exponent < 0 && digits != 0) ? value + 1 : value
  }

  private struct Scale {
    var decimalExponent = 0
    var binaryPower = 0
    var format = Format.decimal

    init?(_ suffix: Substring) {
      switch suffix {
      case "": break
      case "n": decimalExponent = -9
      case "u": decimalExponent = -6
      case "m": decimalExponent = -3
      case "k": decimalExponent = 3
      case "M": decimalExponent = 6
      case "G": decimalExponent = 9
      case "T": decimalExponent = 12
      case "P": decimalExponent = 15
      case "E": decimalExponent = 18
      case "Ki", "Mi", "Gi", "Ti", "Pi", "Ei":
        format = .binary
        guard let index = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].firstIndex(of: suffix) else {
          return nil
        }
        binaryPower = index + 1
      default:
        guard let letter = suffix.first, "eE".contains(letter),
          let exponent = Int(suffix.dropFirst()), abs(exponent) <= 36
        else { return nil }
        format = .exponent
        decimalExponent = exponent
      }
    }
  }

  /// Kubernetes' canonical form: the largest suffix that leaves a whole number.
  package var description: String {
    let unit: Int128 = 1_000_000_000
    if let literal { return literal }
    if nanos == 0 { return "0" }
    if format == .binary, abs(nanos) >= 1024 * unit, nanos % unit == 0 {
      var value = nanos / unit
      var power = 0
      while value % 1024 == 0, power < 6 {
        value /= 1024
        power += 1
      }
      return "\(value)\(["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"][power])"
    }
    var value = nanos
    var index = 0
    while value % 1000 == 0, index < 9 {
      value /= 1000
      index += 1
    }
    if format == .exponent {
      let exponent = 3 * index - 9
      return exponent == 0 ? "\(value)" : "\(value)e\(exponent)"
    }
    return "\(value)\(["n", "u", "m", "", "k", "M", "G", "T", "P", "E"][index])"
  }
}

extension Quantity {
  private init(nanos: Int128, format: Format) {
    self.nanos = nanos
    self.format = format
  }

  /// The sum, in the form of the left one unless that is zero; clamped to 128 bits.
  package static func + (left: Quantity, right: Quantity) -> Quantity {
    let (sum, overflow) = left.nanos.addingReportingOverflow(right.nanos)
    return Quantity(
      nanos: overflow ? (left.nanos < 0 ? .min : .max) : sum,
      format: left.nanos == 0 ? right.format : left.format)
  }

  /// The difference, in the form of the left one unless that is zero; clamped to 128 bits.
  package static func - (left: Quantity, right: Quantity) -> Quantity {
    let (rest, overflow) = left.nanos.subtractingReportingOverflow(right.nanos)
    return Quantity(
      nanos: overflow ? (left.nanos < 0 ? .min : .max) : rest,
      format: left.nanos == 0 ? right.format : left.format)
  }
}

extension Quantity: Comparable {
  /// By value.
  package static func < (left: Quantity, right: Quantity) -> Bool { left.nanos < right.nanos }
}
