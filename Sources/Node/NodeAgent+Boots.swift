import CLinux
import Diagnosis
import Kinds
import Objects
import PXEWire
import Planning

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
    // How much of a file has come is in the boot's status.
    if let stage = news.stage, !instance.isJudged, [nil, 0, 100].contains(stage.percent) {
      writer.tell(instance.reference, reason: "Stage", "\(stage)", percent: stage.percent)
      await tellProgress(of: key)
    }
    if boot.isOver { await endBoot(key, isTimeOver: false) }
  }

  /// Writes how far a boot is that is followed, where that is news.
  func tellProgress(of key: ObjectKey) async {
    guard let instance = instances[key], !instance.isJudged, let boot = instance.boot,
      let bootKey = instance.bootKey
    else { return }
    let progress = BootProgressNote(
      stage: boot.stage, activity: boot.activity, deadline: instance.dueTime)
    guard instances[key]?.told != progress else { return }
    instances[key]?.told = progress
    await writer.changeStatus(bootKey) { tree in
      guard tree["status", "phase"]?.string != Boot.Phase.over.rawValue else { return false }
      progress.write(to: &tree)
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
      connection: connection, wire: wire,
      lab: labCondition(during: boot, of: machine, isTimeOver: isTimeOver),
      node: configuration.role.isPart ? configuration.name : nil)
    let evidence = await builder.evidence(of: boot)
    for notice in builder.notices {
      writer.tell(instance.reference, .warning, reason: "Notice", notice)
    }
    var verdict = MachineVerdict(judging: evidence)
    verdict.expectedFinding = machine.expectedFinding
    await conclude(key, verdict)
  }

  /// How the lab was while a boot lasted.
  private func labCondition(
    during boot: BootFollower, of machine: MachinePlan, isTimeOver: Bool
  ) -> LabCondition {
    var condition = LabCondition()
    let networks = Set(machine.interfaces.map { $0.attachment ?? LabPart.podNetwork })
    condition.failures = partFailures.failures(during: boot.began, for: networks)
    if isTimeOver {
      let now = Timestamp.now
      condition.timeLimit = LabCondition.TimeLimit(
        seconds: machine.timeoutSeconds, elapsed: now.seconds(since: boot.began),
        lastSign: boot.lastSign.map {
          LabCondition.Sign(text: $0.text, age: max(0, now.seconds(since: $0.time)))
        }, isEmulated: !configuration.usesKVM)
    }
    return condition
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
      object["status", "activity"] = nil
      object["status", "verdict"] = tree
      return true
    }
    // A boot's evidence is much, and most of it is done with.
    defer { clinux_return_freed_memory() }
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
