import Control
import Diagnosis
import Foundation
import LabPlan
import PXEWire

/// One machine's boot as it happens: wire events and console bytes in, stages out.
actor MachineWatch {
  nonisolated let plan: MachinePlan
  private let record: LabRecord
  private var progress: MachineProgress?
  private var end: BootEnd?
  private var console = ConsoleReader()
  private(set) var consoleEvents: [ConsoleEvent] = []
  private(set) var wireEvents: [WireEvent] = []
  /// When the machine was started or reset.
  private(set) var starts: [Timestamp] = []
  /// The probe's reports, one for each boot, oldest first.
  private(set) var reports: [GuestReport] = []
  private(set) var isOver = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  init(plan: MachinePlan, record: LabRecord) {
    self.plan = plan
    self.record = record
    progress = plan.expectation.map { MachineProgress(mac: $0.mac, bootFile: $0.bootFile) }
    end = plan.expectation.map {
      BootEnd(
        mac: $0.mac, entries: Set($0.entries), isToFail: plan.expectedFinding != nil)
    }
  }

  func observe(_ event: WireEvent) async {
    guard plan.interfaces.contains(where: { $0.mac == event.mac }) else { return }
    if event.isMilestone { wireEvents.append(event) }
    let stage = progress?.observe(event)
    if let address = event.dhcp?.address, event.kind == .dhcpAck {
      await record.change(machine: plan.name) { status in
        for index in status.interfaces.indices where status.interfaces[index].mac == event.mac {
          status.interfaces[index].address = address
        }
      }
    }
    if let stage { await announce(stage) }
    if event.isWorthALine { await record.add(.wire, machine: plan.name, event.text) }
    if end?.comes(with: event) == true { finish() }
  }

  func read(console bytes: [UInt8]) async {
    let output = console.read(bytes, at: .now)
    consoleEvents += output.events
    for event in output.events {
      if let stage = progress?.observe(event) { await announce(stage) }
      if let report = event.report { reports.append(report) }
      let isEarlier = event.kind == .report && reports.count < plan.expectation?.boots ?? 1
      if !isEarlier, end?.comes(with: event) == true { finish() }
    }
  }

  /// The machine's power was switched on, or it was reset.
  func started() async {
    starts.append(.now)
    // A boot that is judged is followed to its end, over restarts.
    guard starts.count > 1, isOver || !plan.startsAtOnce else { return }
    progress = plan.expectation.map { MachineProgress(mac: $0.mac, bootFile: $0.bootFile) }
    await record.change(machine: plan.name) { $0.stage = "\(Stage.defined)" }
  }

  /// The machine's processor no longer runs.
  func stopped() {
    finish()
  }

  /// Returns when there is nothing more to wait for: the probe has reported, whoever runs has given
  /// up, the machine is off, or its time is over.
  func waitUntilOver() async {
    let timer = Task { [seconds = plan.timeoutSeconds] in
      try await Task.sleep(for: .seconds(seconds))
      finish()
    }
    if !isOver {
      await withCheckedContinuation { waiters.append($0) }
    }
    timer.cancel()
  }

  func conclude(_ verdict: MachineVerdict) async {
    let stage = progress?.conclude(verdict.verdict)
    await record.change(machine: plan.name) { status in
      status.verdict = verdict.verdict.rawValue
      if let stage { status.stage = "\(stage)" }
    }
  }

  private func finish() {
    isOver = true
    for waiter in waiters { waiter.resume() }
    waiters = []
  }

  private func announce(_ stage: Stage) async {
    await record.change(machine: plan.name) { $0.stage = "\(stage)" }
    await record.add(.stage, machine: plan.name, "\(stage)", percent: stage.percent)
  }
}

extension WireEvent {
  /// Whether a person who watches wants to read it: what begins a transfer is told by its end, and
  /// files that firmware asks for in vain on every boot are no news.
  fileprivate var isWorthALine: Bool {
    switch kind {
    case .tftpSize, .tftpRequest, .tftpProgress, .tftpAborted, .httpRequest, .httpProgress: false
    case .tftpError: !(tftp.map { TFTPTransfer.isOptional($0.file) } ?? false)
    default: true
    }
  }
}

extension Timestamp {
  /// The moment of the call, by the same clock as the kernel's for packets.
  static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
}
