import Glibc
import Objects

/// What a write takes from outside: the time, and UIDs.
package struct WriteMoment: Sendable {
  /// Seconds since 1970.
  package let seconds: @Sendable () -> Int
  /// The UID of an object that is made.
  package let uid: @Sendable (ObjectKey) -> String

  /// A source of times and UIDs.
  package init(
    seconds: @escaping @Sendable () -> Int, uid: @escaping @Sendable (ObjectKey) -> String
  ) {
    self.seconds = seconds
    self.uid = uid
  }

  /// The system's time, and random UIDs (RFC 9562, version 4).
  package static let system = WriteMoment(
    seconds: { time(nil) }, uid: { _ in randomUID() })

  /// The time as objects have it: RFC 3339 in UTC, whole seconds.
  package var timestamp: String {
    var seconds = time_t(seconds())
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func digits(_ number: Int32, _ count: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return
      "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1))-\(digits(parts.tm_mday))T"
      + "\(digits(parts.tm_hour)):\(digits(parts.tm_min)):\(digits(parts.tm_sec))Z"
  }

  private static func randomUID() -> String {
    var generator = SystemRandomNumberGenerator()
    let high = generator.next() & ~0xf000 | 0x4000
    let low = generator.next() & ~(3 << 62) | 1 << 63
    func digits(_ number: UInt64) -> String {
      let text = String(number, radix: 16)
      return String(repeating: "0", count: 16 - text.count) + text
    }
    var text = digits(high) + digits(low)
    for offset in [20, 16, 12, 8] {
      text.insert("-", at: text.index(text.startIndex, offsetBy: offset))
    }
    return text
  }
}
