/// A moment: nanoseconds since the Unix epoch. JSON holds it in seconds with a fraction.
public struct Timestamp: Hashable, Sendable {
  /// Nanoseconds since 1970-01-01T00:00:00Z.
  public let nanoseconds: Int64

  /// A moment from nanoseconds since the Unix epoch.
  public init(nanoseconds: Int64) {
    self.nanoseconds = nanoseconds
  }

  /// A moment from a packet header's seconds and microseconds.
  public init(seconds: Int64, microseconds: Int64) {
    self.init(nanoseconds: seconds &* 1_000_000_000 &+ microseconds &* 1000)
  }

  /// A moment from seconds since the Unix epoch.
  public init(seconds: Double) {
    self.init(nanoseconds: Int64(exactly: (seconds * 1e9).rounded()) ?? 0)
  }

  /// Seconds since the Unix epoch.
  public var seconds: Double { Double(nanoseconds) / 1e9 }

  /// The seconds from an earlier moment to this one; negative when it is later.
  public func seconds(since earlier: Timestamp) -> Double {
    Double(nanoseconds &- earlier.nanoseconds) / 1e9
  }
}

extension Timestamp: Comparable {
  /// Earlier before later.
  public static func < (left: Timestamp, right: Timestamp) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

extension Timestamp: Codable {
  /// Decodes seconds since the Unix epoch.
  public init(from decoder: any Decoder) throws {
    self.init(seconds: try decoder.singleValueContainer().decode(Double.self))
  }

  /// Encodes seconds since the Unix epoch.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(seconds)
  }
}
