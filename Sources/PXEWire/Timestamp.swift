/// A moment: nanoseconds since the Unix epoch. JSON holds it in seconds, exact to the microsecond.
package struct Timestamp: Hashable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  package let nanoseconds: Int64

  /// A moment from nanoseconds since the Unix epoch.
  package init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// A moment from a packet header's seconds and microseconds.
  package init(seconds: Int64, microseconds: Int64) {
    self.init(nanoseconds: seconds &* 1_000_000_000 &+ microseconds &* 1000)
  }

  /// A moment from seconds since the Unix epoch, rounded to a microsecond: a `Double` holds no more
  /// of a present-day moment. Not finite or out of range, it is the epoch.
  package init(seconds: Double) {
    let microseconds = Int64(exactly: (seconds * 1e6).rounded()) ?? 0
    let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
    self.init(nanoseconds: overflow ? 0 : nanoseconds)
  }

  /// Seconds since the Unix epoch, to the microsecond.
  package var seconds: Double { Double(nanoseconds / 1000) / 1e6 }

  /// The seconds from an earlier moment to this one; negative when it is later.
  package func seconds(since earlier: Timestamp) -> Double {
    Double(nanoseconds &- earlier.nanoseconds) / 1e9
  }
}

extension Timestamp: Comparable {
  /// Earlier before later.
  package static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Timestamp: Codable {
  /// Decodes seconds since the Unix epoch.
  package init(from decoder: any Decoder) throws {
    self.init(seconds: try decoder.singleValueContainer().decode(Double.self))
  }

  /// Encodes seconds since the Unix epoch.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(seconds)
  }
}
