import Dispatch
import Synchronization

/// The time that one call of libvirt may take. Nothing can interrupt such a call: its thread is left
/// to it, and how many are is bounded.
final class TimeLimit: Sendable {
  private enum State { case waiting, over, ended }

  private static let queue = DispatchQueue(label: "libvirt time limits")
  private static let overdueCalls = Atomic<Int>(0)
  /// Each holds a thread.
  private static let most = 32

  private let state = Mutex(State.waiting)

  /// Begins; `over` is called unless ``end()`` comes before.
  init(_ limit: Duration, over: @escaping @Sendable () -> Void) {
    let parts = limit.components
    let nanoseconds =
      min(max(parts.seconds, 0), 1 << 32) * 1_000_000_000
      + parts.attoseconds / 1_000_000_000
    Self.queue.asyncAfter(deadline: .now() + .nanoseconds(Int(nanoseconds))) { [weak self] in
      if self?.passes(from: .waiting, to: .over) == true {
        Self.overdueCalls.add(1, ordering: .relaxed)
        over()
      }
    }
  }

  /// The call has returned.
  func end() {
    if passes(from: .waiting, to: .ended) { return }
    if passes(from: .over, to: .ended) { Self.overdueCalls.subtract(1, ordering: .relaxed) }
  }

  /// Whether so many calls have not returned that no connection is opened any more.
  static var isExhausted: Bool { overdueCalls.load(ordering: .relaxed) >= most }

  private func passes(from old: State, to new: State) -> Bool {
    state.withLock { state in
      guard state == old else { return false }
      state = new
      return true
    }
  }
}
