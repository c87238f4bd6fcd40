import Glibc
import Reconciliation

/// The time of controllers.
package protocol ControllerClock: Sendable {
  /// The time that objects have.
  var now: Timestamp { get }

  /// A time that nobody sets: since any moment.
  var uptime: Duration { get }

  /// Returns when ``uptime`` is so much.
  ///
  /// - Throws: `CancellationError`.
  func sleep(until uptime: Duration) async throws
}

/// The time of the machine.
package struct SystemClock: ControllerClock {
  private static let start = ContinuousClock.now

  /// The machine's clock.
  package init() {}

  /// The time of day.
  package var now: Timestamp { Timestamp(seconds: time(nil)) }

  /// The time since this program first asked, suspended or not.
  package var uptime: Duration { Self.start.duration(to: .now) }

  /// Returns when so much time has gone by.
  package func sleep(until uptime: Duration) async throws {
    try await Task.sleep(until: Self.start + uptime, clock: .continuous)
  }
}
