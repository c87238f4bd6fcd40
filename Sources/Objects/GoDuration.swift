/// A length of time as Go writes and reads it (time.ParseDuration, time.Duration.String), in whole
/// nanoseconds.
package struct GoDuration: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Its nanoseconds.
  package var nanoseconds: Int64

  /// A length of time.
  package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Whole seconds; beyond what fits, the longest.
  package init(seconds: Int) {
    let (product, overflows) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    nanoseconds = overflows ? (seconds < 0 ? .min : .max) : product
  }

  /// The length that a text such as `1h30m`, `-1.5h` or `0` says; `nil` for another text, also for one
  /// without a unit, with spaces, or beyond 292 years.
  package init?(_ text: String) {
    var rest = Substring(text).utf8[...]
    let isNegative = rest.first == UInt8(ascii: "-")
    if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    guard !rest.isEmpty else { return nil }
    if rest.elementsEqual("0".utf8) {
      nanoseconds = 0
      return
    }
    var sum: UInt64 = 0
    while !rest.isEmpty {
      guard let part = Self.part(&rest) else { return nil }
      let (next, overflows) = sum.addingReportingOverflow(part)
      guard !overflows, next <= 1 << 63 else { return nil }
      sum = next
    }
    if isNegative {
      nanoseconds = Int64(truncatingIfNeeded: 0 &- sum)
    } else {
      guard let value = Int64(exactly: sum) else { return nil }
      nanoseconds = value
    }
  }

  private static let units: [(name: String, nanoseconds: UInt64)] = [
    ("ns", 1), ("us", 1_000), ("\u{b5}s", 1_000), ("\u{3bc}s", 1_000), ("ms", 1_000_000),
    ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000),
  ]

  /// Takes a number and its unit from the front; `nil` where there is none, or too much.
  private static func part(_ text: inout Substring.UTF8View.SubSequence) -> UInt64? {
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    var value: UInt64 = 0
    var hasDigits = false
    while let byte = text.first, digits.contains(byte) {
      let (tens, isMuch) = value.multipliedReportingOverflow(by: 10)
      let (next, isMore) = tens.addingReportingOverflow(UInt64(byte - digits.lowerBound))
      guard !isMuch, !isMore, next <= 1 << 63 else { return nil }
      value = next
      hasDigits = true
      text.removeFirst()
    }
    var fraction = 0.0
    if text.first == UInt8(ascii: ".") {
      text.removeFirst()
      var scale = 1.0
      while let byte = text.first, digits.contains(byte) {
        scale /= 10
        fraction += Double(byte - digits.lowerBound) * scale
        hasDigits = true
        text.removeFirst()
      }
    }
    let name = text.prefix { $0 != UInt8(ascii: ".") && !digits.contains($0) }
    guard hasDigits, let unit = units.first(where: { name.elementsEqual($0.name.utf8) }) else {
      return nil
    }
    text.removeFirst(name.count)
    let (whole, overflows) = value.multipliedReportingOverflow(by: unit.nanoseconds)
    guard !overflows, whole <= 1 << 63 else { return nil }
    return whole + UInt64((fraction * Double(unit.nanoseconds)).rounded(.down))
  }

  /// Go's canonical form: `4h0m0s`, `1m30s`, `1.5s`, `250ms`, `0s`.
  package var description: String {
    guard nanoseconds != 0 else { return "0s" }
    let sign = nanoseconds < 0 ? "-" : ""
    let size = nanoseconds.magnitude
    if size < 1_000_000_000 {
      let (unit, name): (UInt64, String) =
        size < 1_000 ? (1, "ns") : size < 1_000_000 ? (1_000, "\u{b5}s") : (1_000_000, "ms")
      return sign + Self.decimal(size, unit) + name
    }
    let minute: UInt64 = 60_000_000_000
    var text = Self.decimal(size % minute, 1_000_000_000) + "s"
    if size >= minute { text = "\(size / minute % 60)m\(text)" }
    if size >= 60 * minute { text = "\(size / (60 * minute))h\(text)" }
    return sign + text
  }

  /// A number of units with its decimals, none at the end being zero.
  private static func decimal(_ size: UInt64, _ unit: UInt64) -> String {
    var digits = String(size % unit)
    let width = String(unit).count - 1
    digits = String(repeating: "0", count: max(0, width - digits.count)) + digits
    while digits.last == "0" { digits.removeLast() }
    return "\(size / unit)" + (unit == 1 || digits.isEmpty ? "" : ".\(digits)")
  }

  /// Its whole seconds, without what is left.
  package var seconds: Int { Int(nanoseconds / 1_000_000_000) }

  /// By length.
  package static func < (left: GoDuration, right: GoDuration) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}
