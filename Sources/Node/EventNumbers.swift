import PXEWire
import Synchronization

/// Makes the end of an event's name: no two are the same, and later ones sort after earlier ones.
final class EventNumbers: Sendable {
  private let last = Mutex<Int64>(0)

  /// The digits of an event at a moment.
  func next(_ time: Timestamp) -> String {
    let number = last.withLock { last in
      last = max(time.nanoseconds, last + 1)
      return last
    }
    return String(number, radix: 16)
  }
}
