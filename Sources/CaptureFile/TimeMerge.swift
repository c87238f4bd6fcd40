import PXEWire

/// Puts what several captures hand out, each in order, into one order of time.
///
/// An element waits until no capture can hand out an earlier one any more, for as long as the slowest may
/// take.
package struct TimeMerge<Element> {
  private var waiting: [(time: Timestamp, arrival: ContinuousClock.Instant?, element: Element)] = []

  /// Nothing waits.
  package init() {}

  /// How many wait.
  package var count: Int { waiting.count }

  /// Takes an element in. Of one time the first that was taken in comes first.
  ///
  /// - Parameter arrival: when it is taken in, by a clock that nobody sets.
  package mutating func add(
    _ element: Element, at time: Timestamp, arrival: ContinuousClock.Instant? = nil
  ) {
    var place = waiting.endIndex
    while place > 0, waiting[place - 1].time > time { place -= 1 }
    waiting.insert((time, arrival, element), at: place)
  }

  /// Hands out what is not later than a moment, in the order of time.
  ///
  /// - Parameter arrival: what came until then goes too, with all before it: after a clock was set back
  ///   an element's time may be hours ahead.
  package mutating func take(
    until time: Timestamp, arrivedBy arrival: ContinuousClock.Instant? = nil
  ) -> [Element] {
    takeFirst(
      waiting.lastIndex { entry in
        if entry.time <= time { return true }
        guard let arrival, let came = entry.arrival else { return false }
        return came <= arrival
      }.map { $0 + 1 } ?? 0)
  }

  /// Hands out so many, or all there are, in the order of time.
  package mutating func takeFirst(_ count: Int) -> [Element] {
    let count = min(count, waiting.count)
    defer { waiting.removeFirst(count) }
    return waiting[..<count].map(\.element)
  }

  /// Hands out all that waits.
  package mutating func takeAll() -> [Element] {
    defer { waiting = [] }
    return waiting.map(\.element)
  }
}
