import Diagnosis
import PXEWire

/// By when a boot must be over: the time that it was given, and more while bytes of a file flow.
struct BootDeadline: Sendable, Hashable {
  /// Seconds that a flow must have stopped for before its time is over.
  private static let silence = 10.0
  /// How often the given time a flow may go on.
  private static let most = 3.0

  /// The time that the boot was given, in seconds.
  let limit: Double
  /// When it began.
  let began: Timestamp

  /// The moment at which the boot is over if nothing more happens.
  ///
  /// - Parameter lastFlow: when bytes of a file last came.
  func moment(lastFlow: Timestamp?) -> Timestamp {
    let given = began.adding(limit)
    guard let lastFlow else { return given }
    return min(max(given, lastFlow.adding(Self.silence)), began.adding(limit * Self.most))
  }
}

extension Timestamp {
  func adding(_ seconds: Double) -> Timestamp {
    Timestamp(nanoseconds: nanoseconds &+ Int64(seconds * 1e9))
  }
}
