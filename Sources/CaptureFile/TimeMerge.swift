import PXEWire

/// Puts what several captures hand out, each in order, into one order of time.
///
/// An element waits until no capture can hand out an earlier one any more, for as long as the slowest may
/// take.
package struct TimeMerge<Element> {
  private var waiting: [(time: Timestamp, element: Element)] = []

  /// Nothing waits.
  package init() {}

  /// Takes an element in. Of one time the first that was taken in comes first.
  package mutating func add(_ element: Element, at time: Timestamp) {
    var place = waiting.endIndex
    while place > 0, waiting[place - 1].time > time { place -= 1 }
    waiting.insert((time, element), at: place)
  }

  /// Hands out what is not later than a moment, in the order of time.
  package mutating func take(until time: Timestamp) -> [Element] {
    let count = waiting.firstIndex { $0.time > time } ?? waiting.endIndex
    defer { waiting.removeFirst(count) }
    return waiting[..<count].map(\.element)
  }

  /// Hands out all that waits.
  package mutating func takeAll() -> [Element] {
    defer { waiting = [] }
    return waiting.map(\.element)
  }
}
