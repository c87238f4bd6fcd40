/// A part's life: what is observed of it makes its state, and says what is to be done.
package struct PartLife: Hashable, Sendable {
  /// What was observed.
  package enum Observation: Hashable, Sendable {
    /// Its first start has begun.
    case begun
    /// It has been started, or was found running.
    case started
    /// It could not be started; final when trying again would not help.
    case notStarted(reason: String, isFinal: Bool)
    /// Its process has ended.
    case ended(reason: String)
    /// It has answered.
    case answered
    /// It has not answered; certain when its process is seen to be stopped.
    case silent(reason: String, isCertain: Bool)
    /// The time to start it again has come.
    case due
    /// It has been stopped, as asked.
    case stopped
  }

  /// What is to be done.
  package enum Action: Hashable, Sendable {
    /// Start it.
    case start
    /// Kill it, so that it can be started again.
    case kill
  }

  /// How patient one is.
  package let policy: PartPolicy
  /// What has become of it.
  package private(set) var state = PartState.stopped
  /// Ends since it was last well for a while.
  private var ends = 0
  private var runningSince: ContinuousClock.Instant?
  private var silences = 0

  /// A part that is not started yet.
  package init(policy: PartPolicy = PartPolicy()) {
    self.policy = policy
  }

  /// Takes an observation; one that does not fit the state, such as an answer of a part that has
  /// ended meanwhile, changes nothing.
  ///
  /// - Returns: what is to be done now.
  package mutating func observe(
    _ observation: Observation, at now: ContinuousClock.Instant
  ) -> Action? {
    switch (state, observation) {
    case (_, .stopped):
      self = PartLife(policy: policy)
    case (.stopped, .begun), (.ended, .begun), (.failed, .begun):
      self = PartLife(policy: policy)
      state = .starting
      return .start
    case (.starting, .started):
      silences = 0
      runningSince = now
      state = .running(since: now)
    case (.starting, .notStarted(let reason, let isFinal)):
      if isFinal { state = .failed(reason: reason) } else { restart(reason, now) }
    case (.running, .ended(let reason)), (.hung, .ended(let reason)):
      if policy.restarts { restart(reason, now) } else { state = .ended(reason: reason) }
    case (.restarting, .due):
      state = .starting
      return .start
    case (.running(let since), .answered):
      silences = 0
      if now - since >= policy.wellAfter { ends = 0 }
    case (.hung, .answered):
      silences = 0
      state = .running(since: runningSince ?? now)
    case (.running, .silent(let reason, let isCertain)):
      silences += 1
      if isCertain || silences >= policy.silences { state = .hung(since: now, reason: reason) }
    case (.hung(let since, _), .silent):
      if let patience = policy.hungPatience, now - since >= patience { return .kill }
    default: break
    }
    return nil
  }

  private mutating func restart(_ reason: String, _ now: ContinuousClock.Instant) {
    if let runningSince, now - runningSince >= policy.wellAfter { ends = 0 }
    runningSince = nil
    ends += 1
    state = .restarting(attempt: ends, at: now + policy.wait(before: ends), reason: reason)
  }
}
