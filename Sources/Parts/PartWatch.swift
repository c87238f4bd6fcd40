import Execution
import ExternalCommand
import FileSystem
import Glibc

/// Keeps one part running: starts or adopts it, knows its end at once, asks whether it hangs, and
/// starts it again.
package actor PartWatch {
  /// The part.
  package nonisolated let part: Part
  /// What becomes of it, from its start on; the last 64 changes wait for a reader. Ends with the watch.
  package nonisolated let events: AsyncStream<PartEvent>
  private nonisolated let event: AsyncStream<PartEvent>.Continuation
  private let launch: PartLaunch
  private var life: PartLife
  private var process: PartProcess?
  private var restarts = 0
  /// Where in its log the words of this process begin.
  private var wordsBegin: Int64 = 0
  private var isProbing = false

  /// A watch; nothing is started yet.
  package init(_ part: Part, runner: any CommandRunner = SubprocessRunner()) {
    self.part = part
    launch = PartLaunch(part: part, runner: runner)
    life = PartLife(policy: part.policy)
    (events, event) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
  }

  deinit { event.finish() }

  /// What has become of the part.
  package var state: PartState { life.state }

  /// The part's process, where it has one.
  package var processNumber: Int32? { process?.identity.pid }

  /// Adopts the part's process, or starts one, and returns when it serves.
  ///
  /// - Parameter retries: whether a start that fails is an end like others, after which ``run()`` tries it
  ///   again.
  /// - Throws: ``PartError`` unless it is tried again, `CancellationError`. Then nothing of it runs.
  package func start(retries: Bool = false) async throws {
    guard observe(.begun) == .start else { return }
    if let adopted = await launch.adopted() {
      process = adopted
      wordsBegin = LastWords.size(of: part.log)
      observe(.started)
      return
    }
    do {
      try await startProcess()
    } catch {
      if retries, let failure = error as? PartError {
        observe(.notStarted(reason: failure.reason, isFinal: failure.isFinal))
        return
      }
      observe(.stopped)
      throw error
    }
    observe(.started)
  }

  /// Watches the part and starts it again when it ends. Returns when the task is cancelled, which
  /// leaves the part running, or when it is not to be started again.
  package func run() async {
    while !Task.isCancelled {
      switch life.state {
      case .stopped, .ended, .failed: return
      case .starting: await startAgain()
      case .running, .hung: await attend()
      case .restarting(_, let time, _):
        do {
          try await ContinuousClock().sleep(until: time)
        } catch {
          return
        }
        observe(.due)
      }
    }
  }

  /// Ends the part: by SIGTERM and, when that is not heeded, by SIGKILL. To be called when ``run()``
  /// has returned.
  package func stop() async {
    if let process { await launch.end(process) }
    process = nil
    PartNote(path: part.note).remove()
    observe(.stopped)
  }

  /// Sends a signal to the part's process, such as SIGHUP to read its files again.
  package func signal(_ number: Int32) { process?.signal(number) }

  private func startProcess() async throws {
    wordsBegin = LastWords.size(of: part.log)
    process = try await launch.start()
  }

  private func startAgain() async {
    do {
      try await startProcess()
      try await part.restore?()
      restarts += 1
      observe(.started)
    } catch {
      await endAfterFailure()
      // The next program starts it.
      if Task.isCancelled { return }
      let failure = error as? PartError
      observe(
        .notStarted(
          reason: failure?.reason ?? "was not given back what it needs: \(error)",
          isFinal: failure?.isFinal ?? false))
    }
  }

  private func endAfterFailure() async {
    guard let process else { return }
    self.process = nil
    PartNote(path: part.note).remove()
    process.signal(SIGKILL)
    await launch.end(process)
  }

  /// Waits for the end of the process, and probes it meanwhile.
  private func attend() async {
    guard let process else { return }
    let end = await withTaskGroup(of: ProcessEnd?.self) { group in
      group.addTask { try? await process.ended() }
      group.addTask {
        await self.probe(process)
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
    guard let end else { return }
    self.process = nil
    let isEarly = if case .foreground = part.start { end == .exited(0) } else { false }
    observe(
      .ended(reason: "\(end)" + (isEarly ? ", but a server must stay in the foreground" : "")))
  }

  /// Looks after a process until cancelled.
  private func probe(_ process: PartProcess) async {
    while true {
      do {
        try await Task.sleep(for: part.policy.probeInterval)
      } catch {
        return
      }
      let observation = await look(at: process)
      if Task.isCancelled { return }
      if observe(observation) == .kill { process.signal(SIGKILL) }
    }
  }

  private func look(at process: PartProcess) async -> PartLife.Observation {
    if process.isStopped {
      return .silent(reason: "its process is stopped (SIGSTOP)", isCertain: true)
    }
    guard let probe = part.probe else { return .answered }
    guard !isProbing else {
      return .silent(reason: "it has not answered an earlier question", isCertain: false)
    }
    isProbing = true
    do {
      try await withinTime(part.policy.probeLimit) { [self] in
        do {
          try await probe()
          await probed()
        } catch {
          await probed()
          throw error
        }
      }
      return .answered
    } catch {
      return .silent(reason: "it does not answer: \(error)", isCertain: false)
    }
  }

  private func probed() { isProbing = false }

  @discardableResult
  private func observe(_ observation: PartLife.Observation) -> PartLife.Action? {
    let old = life.state
    let action = life.observe(observation, at: .now)
    guard life.state != old else { return action }
    let said =
      if case .ended = observation { LastWords.read(part.log, from: wordsBegin) } else { "" }
    event.yield(
      PartEvent(
        title: part.title, state: life.state, lastWords: said, restarts: restarts,
        networks: part.networks))
    return action
  }
}
