import Execution

/// Parts that are kept running together: what is to run is said as a whole, and what differs is
/// started, ended, or started anew.
package actor PartGroup {
  private struct Entry {
    let watch: PartWatch
    let run: Task<Void, Never>
    let forward: Task<Void, Never>
  }

  /// What becomes of the parts; the last 256 changes wait for a reader. Ends with the group.
  package nonisolated let events: AsyncStream<PartEvent>
  private nonisolated let event: AsyncStream<PartEvent>.Continuation
  private let runner: any CommandRunner
  private var entries: [(title: String, entry: Entry)] = []

  /// A group without parts.
  package init(runner: any CommandRunner = SubprocessRunner()) {
    self.runner = runner
    (events, event) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(256))
  }

  deinit {
    event.finish()
    for (_, entry) in entries {
      entry.run.cancel()
      entry.forward.cancel()
    }
  }

  /// Makes these the parts that run, told apart by their titles. Those that are not among them, or
  /// are to be started otherwise, are ended first; then the missing ones are adopted or started, one
  /// after the other. Not to be called again before it has returned.
  ///
  /// - Throws: ``PartError`` of the first that cannot be started, `CancellationError`. The parts before
  ///   it run.
  package func run(_ parts: [Part]) async throws {
    try await run(parts, retrying: false)
  }

  /// Makes these the parts that run, as ``run(_:)`` does, of which each goes on without the others: one
  /// that does not start is told by ``events`` and tried again as one that has ended, and the parts behind
  /// it are started all the same. One for which trying again would not help is tried with the next call.
  ///
  /// - Throws: `CancellationError`.
  package func keep(_ parts: [Part]) async throws {
    try await run(parts, retrying: true)
  }

  private func run(_ parts: [Part], retrying: Bool) async throws {
    for (title, entry) in entries.reversed() {
      let wanted = parts.first { $0.title == title }
      let isThere =
        switch await entry.watch.state {
        case .stopped: false
        case .failed: !retrying
        default: true
        }
      if wanted?.launch == entry.watch.part.launch, isThere { continue }
      await end(entry, of: title)
    }
    for part in parts where !entries.contains(where: { $0.title == part.title }) {
      let watch = PartWatch(part, runner: runner)
      try await watch.start(retries: retrying)
      let forward = Task { [event] in
        for await change in watch.events { event.yield(change) }
      }
      entries.append(
        (part.title, Entry(watch: watch, run: Task { await watch.run() }, forward: forward)))
    }
  }

  /// Ends a part and starts it anew, whatever has become of it; nothing without one of that title.
  ///
  /// - Throws: ``PartError`` when it cannot be started, `CancellationError`.
  package func restart(_ title: String) async throws {
    let parts = entries.map(\.entry.watch.part)
    guard let entry = entries.first(where: { $0.title == title })?.entry else { return }
    await end(entry, of: title)
    try await run(parts)
  }

  /// What has become of each part, in the order in which they were started.
  package func states() async -> [(title: String, state: PartState)] {
    var states: [(title: String, state: PartState)] = []
    for (title, entry) in entries { states.append((title, await entry.watch.state)) }
    return states
  }

  /// A part's process; `nil` where it has none.
  package func processNumber(of title: String) async -> Int32? {
    await entries.first { $0.title == title }?.entry.watch.processNumber
  }

  /// Ends all parts, the last first.
  package func stop() async {
    for (title, entry) in entries.reversed() { await end(entry, of: title) }
  }

  /// Lets go of all parts, which run on: another program adopts them.
  package func release() async {
    for (_, entry) in entries {
      entry.run.cancel()
      await entry.run.value
      entry.forward.cancel()
    }
    entries = []
  }

  private func end(_ entry: Entry, of title: String) async {
    entry.run.cancel()
    await entry.run.value
    await entry.watch.stop()
    entry.forward.cancel()
    entries.removeAll { $0.title == title }
  }
}
