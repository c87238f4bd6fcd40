/// How patient one is with a part.
package struct PartPolicy: Hashable, Sendable {
  /// Whether it is started again when it ends.
  package var restarts: Bool
  /// The wait before the first start again; each further wait is twice as long.
  package var firstWait: Duration
  /// The longest wait.
  package var longestWait: Duration
  /// How long it must run until its earlier ends do not count any more.
  package var wellAfter: Duration
  /// How often it is looked at.
  package var probeInterval: Duration
  /// How long its answer may take.
  package var probeLimit: Duration
  /// How many times in a row it may fail to answer until it counts as hung. A process that is seen to
  /// be stopped does so at once.
  package var silences: Int
  /// How long it may hang until it is killed, to be started again; `nil` is for ever.
  package var hungPatience: Duration?
  /// How long its start may take.
  package var startLimit: Duration
  /// How long it may take to end when it is asked to.
  package var stopLimit: Duration
  /// Whether it should not wait for a processor, as far as this user may have that.
  package var isUrgent = false

  /// A policy; without arguments that of a lab's parts.
  package init(
    restarts: Bool = true, firstWait: Duration = .milliseconds(500),
    longestWait: Duration = .seconds(30), wellAfter: Duration = .seconds(60),
    probeInterval: Duration = .seconds(5), probeLimit: Duration = .seconds(5), silences: Int = 2,
    hungPatience: Duration? = .seconds(30), startLimit: Duration = .seconds(60),
    stopLimit: Duration = .seconds(5), isUrgent: Bool = false
  ) {
    self.isUrgent = isUrgent
    self.restarts = restarts
    self.firstWait = firstWait
    self.longestWait = longestWait
    self.wellAfter = wellAfter
    self.probeInterval = probeInterval
    self.probeLimit = probeLimit
    self.silences = silences
    self.hungPatience = hungPatience
    self.startLimit = startLimit
    self.stopLimit = stopLimit
  }

  /// The wait before a start again.
  ///
  /// - Parameter attempt: which it is, from 1.
  package func wait(before attempt: Int) -> Duration {
    // 30 doublings are more than any wait is allowed to have.
    min(firstWait * (1 << min(max(attempt, 1) - 1, 30)), longestWait)
  }
}
