import Diagnosis
import Kinds
import LabPlan
import Objects
import PXEWire

extension NodeAgent {
  /// Takes an event of the wire in.
  func observe(_ event: WireEvent) async {
    for key in Array(instances.keys) {
      guard var boot = instances[key]?.boot, let news = boot.observe(event) else { continue }
      instances[key]?.boot = boot
      await tell(news, of: key)
    }
  }

  /// Takes bytes of an instance's console in.
  func read(console bytes: [UInt8], of key: ObjectKey) async {
    guard var boot = instances[key]?.boot else { return }
    let news = boot.read(console: bytes, at: .now)
    instances[key]?.boot = boot
    for item in news { await tell(item, of: key) }
    if news.isEmpty, boot.isOver { await tell(BootFollower.News(), of: key) }
  }

  private func tell(_ news: BootFollower.News, of key: ObjectKey) async {
    guard let instance = instances[key], let boot = instance.boot else { return }
    if let line = news.line { writer.tell(instance.reference, reason: "Wire", line) }
    if let (mac, address) = news.address {
      instances[key]?.addresses["\(mac)"] = "\(address)"
      await tellRunning(key)
    }
    if let stage = news.stage, !instance.isJudged {
      writer.tell(instance.reference, reason: "Stage", "\(stage)", percent: stage.percent)
      if let bootKey = instance.bootKey, stage.percent ?? 100 == 100 {
        await writeStage(stage, of: bootKey, boot, instance)
      }
    }
    if boot.isOver { await endBoot(key, isTimeOver: false) }
  }

  private func writeStage(
    _ stage: Stage, of bootKey: ObjectKey, _ boot: BootFollower, _ instance: Instance
  ) async {
    let deadline = instance.dueTime?.microTime
    let activity = boot.activity
    await writer.changeStatus(bootKey) { tree in
      tree["status", "stage"] = .text("\(stage)")
      tree["status", "percent"] = stage.percent.map { .integer($0) }
      tree["status", "activity"] = activity.map { .text($0) }
      tree["status", "deadline"] = deadline.map { .text($0) }
      return true
    }
  }

  /// Ends the following of a boot, and judges it where something was expected of it.
  func endBoot(_ key: ObjectKey, isTimeOver: Bool) async {
    guard let instance = instances[key], !instance.isJudged, let machine = instance.plan,
      let plan
    else { return }
    guard let expectation = machine.expectation else {
      // Without an expectation a boot is followed for as long as its instance lives.
      if case .ended = instance.domain { await conclude(key, nil) }
      return
    }
    instances[key]?.isJudged = true
    instances[key]?.boot?.finish()
    guard let boot = instances[key]?.boot else { return }
    var builder = EvidenceBuilder(
      plan: plan, machine: machine, expectation: expectation, runner: runner,
      connection: connection, wire: wire)
    let evidence = await builder.evidence(of: boot)
    for notice in builder.notices {
      writer.tell(instance.reference, .warning, reason: "Notice", notice)
    }
    var verdict = MachineVerdict(judging: evidence)
    verdict.expectedFinding = machine.expectedFinding
    await conclude(key, verdict)
  }

  /// Writes what a boot was found to be.
  func conclude(_ key: ObjectKey, _ verdict: MachineVerdict?) async {
    guard let instance = instances[key], let bootKey = instance.bootKey else { return }
    instances[key]?.isJudged = true
    var stage = instance.boot?.stage
    if let verdict { stage = instances[key]?.boot?.conclude(verdict.verdict) ?? stage }
    let text = "\(stage ?? .defined)"
    let tree: ObjectNode?
    do {
      tree = try verdict.map { try ObjectNode(encoding: $0) }
    } catch {
      log.error("a verdict is not written", metadata: ["error": "\(error)"])
      return
    }
    await writer.changeStatus(bootKey) { object in
      object["status", "phase"] = .text(Boot.Phase.over.rawValue)
      object["status", "stage"] = .text(text)
      object["status", "percent"] = nil
      object["status", "verdict"] = tree
      return true
    }
    guard let verdict else { return }
    let passed = verdict.verdict == .pass
    writer.tell(
      instance.reference, passed ? .normal : .warning, reason: "Verdict",
      passed
        ? "verified" : "failed: \(verdict.findings.first?.title ?? "a witness does not hold")")
  }

  /// Follows the console of an instance that is to start.
  ///
  /// - Throws: `FileError`.
  func followConsole(of key: ObjectKey, _ plan: MachinePlan) throws {
    if consoles == nil {
      consoles = try ConsoleFollower { [consoleBytes] file, bytes in
        consoleBytes.yield((file, bytes))
      }
    }
    try consoles?.follow(plan.consoleLog, as: key)
  }
}
