import Glibc
import PXEWire

extension Timestamp {
  /// RFC 3339 with microseconds (apimachinery, MicroTime).
  package var microTime: String {
    let seconds = nanoseconds / 1_000_000_000
    let micro = (nanoseconds % 1_000_000_000) / 1_000
    var time = time_t(seconds)
    var parts = tm()
    gmtime_r(&time, &parts)
    func digits(_ number: Int64, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    func two(_ number: Int32) -> String { digits(Int64(number), 2) }
    return "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T"
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)).\(digits(micro, 6))Z"
  }

  /// RFC 3339 with whole seconds (apimachinery, Time).
  package var secondTime: String {
    microTime.split(separator: ".").first.map { "\($0)Z" } ?? microTime
  }

  /// A time as the API writes it, in UTC; `nil` for another text.
  package init?(apiTime text: String) {
    guard text.utf8.count >= 20, text.hasSuffix("Z") else { return nil }
    let parts = text.dropLast().split(whereSeparator: { "-T:.".contains($0) })
    guard parts.count == 6 || parts.count == 7 else { return nil }
    let numbers = parts.prefix(6).compactMap { Int32($0) }
    guard numbers.count == 6 else { return nil }
    var moment = tm()
    moment.tm_year = numbers[0] - 1900
    moment.tm_mon = numbers[1] - 1
    moment.tm_mday = numbers[2]
    moment.tm_hour = numbers[3]
    moment.tm_min = numbers[4]
    moment.tm_sec = numbers[5]
    let seconds = Int64(timegm(&moment))
    var fraction: Int64 = 0
    if parts.count == 7 {
      let digits = parts[6].prefix(9)
      guard let value = Int64(digits), digits.allSatisfy(\.isNumber) else { return nil }
      fraction = (0..<(9 - digits.count)).reduce(value) { value, _ in value * 10 }
    }
    self.init(nanoseconds: seconds * 1_000_000_000 + fraction)
  }
}
