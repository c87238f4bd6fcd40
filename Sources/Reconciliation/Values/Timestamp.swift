/// A moment as objects have it: RFC 3339 in UTC, whole seconds (apimachinery, `metav1.Time`).
package struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Seconds since 1970.
  package var seconds: Int

  /// A moment.
  package init(seconds: Int) {
    self.seconds = seconds
  }

  /// The moment that a text of RFC 3339 names, its fraction of a second left out, as `renewTime` of
  /// a Lease has one; `nil` for another text.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      bytes[range].reduce(0) { sum, byte in
        guard let sum, (0x30...0x39).contains(byte) else { return nil }
        return sum * 10 + Int(byte) - 0x30
      }
    }
    guard bytes[4] == 0x2d, bytes[7] == 0x2d, "Tt ".utf8.contains(bytes[10]),
      bytes[13] == 0x3a, bytes[16] == 0x3a,
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var zone = bytes[19...]
    if zone.first == 0x2e {
      zone = zone.dropFirst().drop { (0x30...0x39).contains($0) }
    }
    var offset = 0
    if zone.count == 6, let hours = number(zone.startIndex + 1..<zone.startIndex + 3),
      let minutes = number(zone.startIndex + 4..<zone.startIndex + 6),
      let sign = zone.first, sign == 0x2b || sign == 0x2d
    {
      offset = (hours * 60 + minutes) * (sign == 0x2b ? 60 : -60)
    } else if zone.count != 1 || (zone.first != 0x5a && zone.first != 0x7a) {
      return nil
    }
    let days = Self.days(year: year, month: month, day: day)
    seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
  }

  /// Such as `2026-11-29T16:53:48Z`.
  package var description: String {
    var days = seconds / 86_400
    var rest = seconds % 86_400
    if rest < 0 {
      rest += 86_400
      days -= 1
    }
    let (year, month, day) = Self.date(days: days)
    func digits(_ number: Int, _ count: Int = 2) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "\(digits(year, 4))-\(digits(month))-\(digits(day))T"
      + "\(digits(rest / 3600)):\(digits(rest / 60 % 60)):\(digits(rest % 60))Z"
  }

  /// By time.
  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.seconds < right.seconds }

  /// A moment some seconds later.
  package static func + (moment: Timestamp, seconds: Int) -> Timestamp {
    Timestamp(seconds: moment.seconds + seconds)
  }

  // Years are counted from March here, so that the leap day is the last one; an era has 400 years.

  private static func days(year: Int, month: Int, day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  private static func date(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}
