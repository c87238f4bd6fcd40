import Addresses
import BootOrder
import Dataplane
import Diagnosis
import DomainXML
import Execution
import LabEvidence
import Libvirt
import PXEWire
import Planning

/// Puts together what is known of one boot. What cannot be asked is missing, and said.
struct EvidenceBuilder: Sendable {
  let plan: LabPlan
  let machine: MachinePlan
  let expectation: MachineExpectation
  let runner: any CommandRunner
  let connection: Connection?
  let wire: WireListener
  /// The node of several that it runs on.
  private let node: String?
  /// What is known of the lab itself.
  private let lab: LabCondition
  /// What a person should know of the evidence itself.
  private(set) var notices: [String] = []

  init(
    plan: LabPlan, machine: MachinePlan, expectation: MachineExpectation,
    runner: any CommandRunner, connection: Connection?, wire: WireListener, lab: LabCondition,
    node: String?
  ) {
    self.node = node
    self.lab = lab
    self.plan = plan
    self.machine = machine
    self.expectation = expectation
    self.runner = runner
    self.connection = connection
    self.wire = wire
  }

  /// Everything known of the boot.
  mutating func evidence(of boot: BootFollower) async -> Evidence {
    let domain = await domain()
    var record = BootRecord(of: machine, in: plan, runner: runner)
    let known = await record.knowledge(
      console: boot.consoleEvents, reports: boot.reports,
      devices: domain.map(BootDevice.devices) ?? [])
    notices += record.notices
    var evidence = Evidence(mac: expectation.mac)
    known.add(to: &evidence)
    evidence.events = boot.wireEvents
    evidence.host = await hostReport(domain)
    evidence.lab = lab
    hear(boot, into: &evidence)
    hearFabric(boot, into: &evidence)
    return evidence
  }

  /// What the bridge of the machine's boot interface shows since the boot began.
  private mutating func hear(_ boot: BootFollower, into evidence: inout Evidence) {
    let tap = machine.interfaces.first { $0.mac == expectation.mac }?.tap
    let bridge = plan.dataplane.bridges.first { bridge in
      bridge.ports.contains { $0.device == tap }
    }
    guard let bridge, let hearing = wire.hearing(on: bridge.device) else {
      notices.append("nobody listens on the network of \(machine.name)/\(expectation.interface)")
      evidence.dropped = 1
      return
    }
    if let failure = hearing.failure { notices.append("the capture is not complete: \(failure)") }
    evidence.lab.captureFileFailure = hearing.fileFailure.map { "\($0)" }
    evidence.trace = hearing.tracker.trace(of: expectation.mac)?.since(boot.began)
    evidence.segment = Segment(
      end: .now, clients: hearing.tracker.clients,
      traces: hearing.tracker.segments.sorted { $0.key < $1.key }.map(\.value))
    evidence.dropped = hearing.dropped + (hearing.failure == nil ? 0 : 1)
  }

  /// What came to the fabric of a machine whose boot program did not come.
  private func hearFabric(_ boot: BootFollower, into evidence: inout Evidence) {
    let tap = machine.interfaces.first { $0.mac == expectation.mac }?.tap
    guard let node, !evidence.programArrived,
      let bridge = plan.dataplane.bridges.first(where: { bridge in
        bridge.ports.contains { $0.device == tap }
      })
    else { return }
    // What this node has captured is read from its file too.
    wire.advance(to: .now)
    evidence.fabric = FabricHearing(plan.paths, node: node, bridge: bridge.device)
      .sighting(of: expectation.mac, since: boot.began)
  }

  private mutating func domain() async -> Domain? {
    guard let connection else {
      notices.append("\(machine.name): libvirt cannot be asked")
      return nil
    }
    do {
      return try Domain(parsing: try await connection.xml(of: machine.name))
    } catch {
      notices.append("\(machine.name): the host cannot be asked: \(error)")
      return nil
    }
  }

  /// What the host has; `nil`, and a notice, when it cannot be asked: then that witness is missing.
  private mutating func hostReport(_ domain: Domain?) async -> HostReport? {
    guard let domain else { return nil }
    do {
      let state = try await Dataplane(plan.dataplane, runner: runner).state()
      return HostReport(
        domain, machine: machine.name, plan: plan, state: state,
        bridgeFilter: plan.dataplane.engine.choice == .linuxBridge
          ? await BridgeFilterProbe(runner: runner).filter() : nil,
        node: node, mac: expectation.mac)
    } catch {
      notices.append("\(machine.name): the host cannot be asked: \(error)")
      return nil
    }
  }
}
