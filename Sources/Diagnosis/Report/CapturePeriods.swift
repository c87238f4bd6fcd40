import PXEWire

/// When the packets of a capture were captured. In a file that was put together from several without
/// sorting, time jumps back: each period between jumps is a capture of its own.
struct CapturePeriods: Hashable, Sendable {
  /// When the first packet was captured.
  private(set) var begin: Timestamp?
  /// When the latest packet was captured.
  var end: Timestamp? { earlier.map(\.upperBound).max().map { max($0, last ?? $0) } ?? last }
  /// The periods, if there is more than one.
  var several: [ClosedRange<Timestamp>] {
    guard let first, let last, !earlier.isEmpty else { return [] }
    return earlier + [first...last]
  }

  private var earlier: [ClosedRange<Timestamp>] = []
  private var first: Timestamp?
  private var last: Timestamp?

  /// Seconds by which a packet may be earlier than the one before it: interfaces are read in turn.
  private static let disorder = 1.0
  /// More periods than that are not told apart.
  private static let limit = 64

  /// Takes the time of the next packet in the file in.
  mutating func take(_ time: Timestamp) {
    guard let first, let last else {
      begin = time
      self.first = time
      self.last = time
      return
    }
    if time >= last {
      self.last = time
    } else if last.seconds(since: time) > Self.disorder, earlier.count < Self.limit {
      earlier.append(first...last)
      self.first = time
      self.last = time
    } else {
      self.first = min(first, time)
    }
    if let begin, time < begin { self.begin = time }
  }
}
