import Objects

/// Starts that fail one after the other (`status.startFailure`; KubeVirt, syncStartFailureStatus).
enum StartFailure {
  /// The longest delay, in seconds.
  static let longestDelay = 300

  /// Seconds before the next start after so many failures in a row: 10, 40, 90, 160, 250, 300, as in
  /// KubeVirt (calculateStartBackoffTime), which adds up to a half at random so that many machines do
  /// not start together; a lab has few.
  static func delay(afterFailures count: Int) -> Int {
    let count = min(max(1, count), longestDelay)
    return min(longestDelay, 10 * count * count)
  }

  /// Seconds until the machine may be started.
  static func secondsLeft(of machine: ObjectNode, at now: Timestamp) -> Int {
    guard
      let retry = machine["status", "startFailure", "retryAfterTimestamp"]?.string
        .flatMap(Timestamp.init)
    else { return 0 }
    // A clock that was set back must not hold a machine for longer than it was sent away.
    return min(longestDelay, max(0, retry.seconds - now.seconds))
  }

  /// Counts an instance that ended before it ran, once; forgets all when one has run.
  static func note(
    _ instance: ObjectNode?, _ strategy: RunStrategy?, in machine: inout ObjectNode,
    at now: Timestamp
  ) {
    let hasRun = instance?.hasRun == true
    if hasRun || strategy?.backsOff == false {
      machine["status", "startFailure"] = nil
      return
    }
    guard let instance, instance.phase.isFinal, !instance.uid.isEmpty,
      machine["status", "startFailure", "lastFailedVMIUID"]?.string != instance.uid
    else { return }
    let before = machine["status", "startFailure", "consecutiveFailCount"]?.integer ?? 0
    let count = max(0, min(before, longestDelay)) + 1
    machine["status", "startFailure"] = [
      "consecutiveFailCount": .integer(count), "lastFailedVMIUID": .text(instance.uid),
      "retryAfterTimestamp": .text("\(now + delay(afterFailures: count))"),
    ]
  }
}
