import Kinds

/// What has become of a part.
package enum PartState: Hashable, Sendable {
  /// It is not to run.
  case stopped
  /// It is being started.
  case starting
  /// It runs, and answers where it can be asked.
  case running(since: ContinuousClock.Instant)
  /// It is there, but stopped, or does not answer.
  case hung(since: ContinuousClock.Instant, reason: String)
  /// It has ended, or could not be started, and is started again at a time; the attempts count from 1.
  case restarting(attempt: Int, at: ContinuousClock.Instant, reason: String)
  /// It has ended, and its policy is not to start it again.
  case ended(reason: String)
  /// It cannot be started, and trying again would not help.
  case failed(reason: String)

  /// Whether the lab can rely on it.
  package var isWell: Bool {
    if case .running = self { true } else { false }
  }

  /// The state as a part's object has it; `nil` of one that is not to run.
  package var ofObject: LabPart.State? {
    switch self {
    case .stopped: nil
    case .starting: .starting
    case .running: .running
    case .hung: .hung
    case .restarting: .restarting
    case .ended, .failed: .failed
    }
  }

  /// Why it is not well: a predicate, such as `was ended by signal 9 (SIGKILL)`.
  package var reason: String? {
    switch self {
    case .stopped, .starting, .running: nil
    case .hung(_, let reason), .restarting(_, _, let reason), .ended(let reason),
      .failed(let reason):
      reason
    }
  }
}
