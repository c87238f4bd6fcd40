import Addresses
import BootOrder
import BootService
import Dataplane
import Diagnosis
import DomainXML
import Execution
import FileSystem
import Firmware
import LabPlan
import LabStore
import Libvirt
import PXEWire

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
    // A machine that has not got to its last boot has no report of it.
    let guest = boot.reports.count >= expectation.boots ? boot.reports.last : nil
    let entry = guest.flatMap(Self.bootEntry)
    let domain = await domain()
    var evidence = Evidence(
      expectation: expectation, events: boot.wireEvents, console: boot.consoleEvents,
      guest: guest, bootCurrentMAC: entry?.devicePath.macAddress,
      bootCurrentDescription: entry.map { "\($0.description) \($0.devicePath)" },
      host: await hostReport(domain), servers: servers)
    evidence.lab = lab
    hear(boot, into: &evidence)
    hearFabric(boot, into: &evidence)
    let devices = domain.map(BootDevice.devices) ?? []
    evidence.bootCurrentDisk = Self.disk(bootedBy: entry, among: devices)
    evidence.earlierBoots = boot.reports.prefix(expectation.boots - 1).map { report in
      let entry = Self.bootEntry(report)
      var earlier = Evidence.EarlierBoot(
        guest: report, bootCurrentMAC: entry?.devicePath.macAddress,
        bootCurrentDescription: entry.map { "\($0.description) \($0.devicePath)" })
      earlier.bootCurrentDisk = Self.disk(bootedBy: entry, among: devices)
      return earlier
    }
    evidence.variables = variables()
    evidence.places = machine.places
    evidence.serverLog = plan.servers.flatMap { Self.serverLog($0, of: expectation.mac) }
    let secured = plan.servers.filter { $0.stunnelConfiguration != nil }
    if !secured.isEmpty { evidence.servedRequests = secured.flatMap(Self.requests) }
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
    guard node != nil, !evidence.programArrived,
      let bridge = plan.dataplane.bridges.first(where: { bridge in
        bridge.ports.contains { $0.device == tap }
      })
    else { return }
    evidence.fabric = FabricHearing(plan.paths, bridge: bridge.device)
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

  /// What the machine's variable store has; `nil`, and a notice, when it cannot be read.
  private mutating func variables() -> FirmwareVariables? {
    guard let store = machine.variableStore else { return nil }
    do {
      return FirmwareVariables(try VariableStoreFile(path: store.path).read())
    } catch {
      notices.append("\(machine.name): the variable store cannot be read: \(error)")
      return nil
    }
  }

  private var servers: [Evidence.KnownServer] {
    plan.servers.map { server in
      Evidence.KnownServer(
        address: server.address.address, vlan: server.vlan, attachment: server.attachment,
        field: "spec.attachments[name=\(server.attachment)].server.vlan")
    }
  }

  /// What was asked of a server over TLS; nothing by a log that cannot be read.
  private static func requests(of server: ServerPlan) -> [ServedRequest] {
    let logs = [server.tlsLog, server.accessLog].map { path in
      (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    return HTTPSLog(stunnel: logs[0], access: logs[1]).requests
  }

  /// The last lines of a server's log that name an address; a log that cannot be read says nothing.
  private static func serverLog(_ server: ServerPlan, of mac: MACAddress) -> [String] {
    guard let log = try? Files.read(server.log) else { return [] }
    return String(decoding: log.suffix(1 << 18), as: UTF8.self).split(separator: "\n")
      .filter { $0.lowercased().contains("\(mac)") }.suffix(100).map(String.init)
  }

  private static func bootEntry(_ guest: GuestReport) -> LoadOption? {
    guard let number = guest.bootCurrent, let text = guest.bootEntries?[number],
      let bytes = [UInt8](hexadecimal: text)
    else { return nil }
    return try? LoadOption(bytes: bytes)
  }

  private static func disk(
    bootedBy entry: LoadOption?, among devices: [BootDevice]
  ) -> String? {
    guard let device = entry.flatMap({ devices.device(bootedBy: $0.devicePath) }), device.isDisk
    else { return nil }
    return device.name
  }
}

extension [UInt8] {
  /// Bytes from pairs of hexadecimal digits; `nil` when the text is something else.
  init?(hexadecimal text: String) {
    let digits = Array<Character>(text)
    // UInt8's own parser would take a sign.
    guard digits.count.isMultiple(of: 2), digits.allSatisfy(\.isHexDigit) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let byte = UInt8(String(digits[index...index + 1]), radix: 16) else { return nil }
      bytes.append(byte)
    }
    self = bytes
  }
}
