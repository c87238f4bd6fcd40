import Control
import Foundation

/// What has happened in the lab and what it is like now; everybody who asks is answered from here.
actor LabRecord {
  private var events: [LabEvent] = []
  private var status: LabStatus
  private var report: LabReport?
  private var eventWaiters: [CheckedContinuation<Void, Never>] = []
  private var reportWaiters: [CheckedContinuation<LabReport, Never>] = []
  private var hasUplinks = false
  private var uplinkWaiters: [CheckedContinuation<Void, Never>] = []
  private let began = ContinuousClock.now

  init(status: LabStatus) {
    self.status = status
  }

  var current: LabStatus { status }

  func change(_ edit: @Sendable (inout LabStatus) -> Void) {
    edit(&status)
  }

  func change(machine name: String, _ edit: @Sendable (inout MachineStatus) -> Void) {
    guard let index = status.machines.firstIndex(where: { $0.name == name }) else { return }
    edit(&status.machines[index])
  }

  func add(_ kind: LabEvent.Kind, machine: String? = nil, _ text: String, percent: Int? = nil) {
    let elapsed = ContinuousClock.now - began
    events.append(
      LabEvent(
        number: events.count,
        seconds: Double(elapsed.components.seconds)
          + Double(elapsed.components.attoseconds) / 1e18,
        kind: kind, machine: machine, text: text, percent: percent))
    let waiters = eventWaiters
    eventWaiters = []
    for waiter in waiters { waiter.resume() }
  }

  /// The events from a number on; waits for the first of them, unless told not to.
  func events(from number: Int, waiting: Bool = true) async -> [LabEvent] {
    while waiting, events.count <= number {
      await withCheckedContinuation { eventWaiters.append($0) }
    }
    return Array(events.dropFirst(max(0, number)))
  }

  /// The host's interfaces have been moved into the sandbox.
  func uplinksAreIn() {
    hasUplinks = true
    for waiter in uplinkWaiters { waiter.resume() }
    uplinkWaiters = []
  }

  /// Returns when they have.
  func waitForUplinks() async {
    if !hasUplinks { await withCheckedContinuation { uplinkWaiters.append($0) } }
  }

  func finish(_ verdicts: LabReport) {
    report = verdicts
    for waiter in reportWaiters { waiter.resume(returning: verdicts) }
    reportWaiters = []
    add(.finished, "all machines are judged")
  }

  /// The report; waits until there is one.
  func finishedReport() async -> LabReport {
    if let report { return report }
    return await withCheckedContinuation { reportWaiters.append($0) }
  }
}
