import Addresses
import BootOrder
import Control
import Dataplane
import Diagnosis
import DomainXML
import Execution
import FileSystem
import Firmware
import LabPlan
import LabStore
import Libvirt

/// Brings the three witnesses together for each machine.
struct Judge: Sendable {
  let plan: LabPlan
  let dataplane: Dataplane
  let connection: Connection
  let wire: WireObserver
  /// Why machines stay Pending, by name.
  let pending: [String: [String]]
  let record: LabRecord
  let runner: any CommandRunner
  /// Why machines could not be started, by name.
  var refused: [String: String] = [:]

  /// The verdicts on the machines that are expected to boot from the network and have been
  /// started, or stay Pending, in the plan's order; waits for each to be over.
  func verdicts(on watches: [MachineWatch]) async throws -> [MachineVerdict] {
    try await withThrowingTaskGroup(of: (Int, MachineVerdict).self) { group in
      for (index, watch) in watches.enumerated() {
        guard watch.plan.startsAtOnce else { continue }
        if let reasons = pending[watch.plan.name] {
          group.addTask { (index, await pendingVerdict(watch.plan, reasons)) }
          continue
        }
        if let reason = refused[watch.plan.name] {
          group.addTask { (index, await notStarted(watch.plan, reason)) }
          continue
        }
        guard let expectation = watch.plan.expectation else { continue }
        group.addTask {
          await watch.waitUntilOver()
          var verdict = try await verdict(on: watch, expectation)
          verdict.expectedFinding = watch.plan.expectedFinding
          await watch.conclude(verdict)
          await record.add(
            .verdict, machine: verdict.name,
            verdict.verdict == .pass ? "verified" : "failed: \(verdict.reason)")
          return (index, verdict)
        }
      }
      var verdicts: [(Int, MachineVerdict)] = []
      for try await verdict in group { verdicts.append(verdict) }
      return verdicts.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  private func pendingVerdict(_ plan: MachinePlan, _ reasons: [String]) async -> MachineVerdict {
    await say(
      MachineVerdict(pending: plan.name, reasons: reasons, places: plan.places), of: plan)
  }

  private func notStarted(_ plan: MachinePlan, _ reason: String) async -> MachineVerdict {
    await say(
      MachineVerdict(notStarted: plan.name, reason: reason, places: plan.places), of: plan)
  }

  /// Says the verdict on a machine that does not run.
  private func say(_ verdict: MachineVerdict, of plan: MachinePlan) async -> MachineVerdict {
    var verdict = verdict
    verdict.expectedFinding = plan.expectedFinding
    let outcome = verdict.verdict.rawValue
    await record.change(machine: plan.name) { $0.verdict = outcome }
    await record.add(.verdict, machine: plan.name, "failed: \(verdict.reason)")
    return verdict
  }

  private func verdict(on watch: MachineWatch, _ expectation: MachineExpectation) async throws
    -> MachineVerdict
  {
    // A machine that has not got to its last boot has no report of it.
    let reports = await watch.reports
    let guest = reports.count >= expectation.boots ? reports.last : nil
    let entry = guest.flatMap(bootEntry)
    if let failure = wire.failure {
      await record.add(.notice, "the capture is not complete: \(failure)")
    }
    var evidence = Evidence(
      expectation: expectation, trace: wire.trace(of: expectation.mac),
      events: await watch.wireEvents, console: await watch.consoleEvents, guest: guest,
      bootCurrentMAC: entry?.devicePath.macAddress,
      bootCurrentDescription: entry.map { "\($0.description) \($0.devicePath)" },
      host: await hostReport(watch.plan.name), servers: servers, segment: wire.segment(to: .now),
      dropped: wire.dropped + (wire.failure == nil ? 0 : 1))
    let devices = await bootDevices(of: watch.plan.name)
    evidence.bootCurrentDisk = disk(bootedBy: entry, among: devices)
    evidence.earlierBoots = reports.prefix(expectation.boots - 1).map { report in
      let entry = bootEntry(report)
      var boot = Evidence.EarlierBoot(
        guest: report, bootCurrentMAC: entry?.devicePath.macAddress,
        bootCurrentDescription: entry.map { "\($0.description) \($0.devicePath)" })
      boot.bootCurrentDisk = disk(bootedBy: entry, among: devices)
      return boot
    }
    evidence.variables = await variables(of: watch.plan)
    evidence.places = watch.plan.places
    evidence.serverLog = plan.servers.flatMap { serverLog($0, of: expectation.mac) }
    let secured = plan.servers.filter { $0.stunnelConfiguration != nil }
    if !secured.isEmpty { evidence.servedRequests = secured.flatMap(requests(of:)) }
    return MachineVerdict(judging: evidence)
  }

  /// What the machine's variable store has; `nil`, and a notice, when it cannot be read.
  private func variables(of machine: MachinePlan) async -> FirmwareVariables? {
    guard let store = machine.variableStore else { return nil }
    do {
      return FirmwareVariables(try VariableStoreFile(path: store.path).read())
    } catch {
      await record.add(.notice, "\(machine.name): the variable store cannot be read: \(error)")
      return nil
    }
  }

  /// What was asked of a server over TLS; nothing by a log that cannot be read.
  private func requests(of server: ServerPlan) -> [ServedRequest] {
    let logs = [server.tlsLog, server.accessLog].map { path in
      (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    return HTTPSLog(stunnel: logs[0], access: logs[1]).requests
  }

  /// The last lines of a server's log that name an address; a log that cannot be read says nothing.
  private func serverLog(_ server: ServerPlan, of mac: MACAddress) -> [String] {
    guard let log = try? Files.read(server.log) else { return [] }
    return String(decoding: log.suffix(1 << 18), as: UTF8.self).split(separator: "\n")
      .filter { $0.lowercased().contains("\(mac)") }.suffix(100).map(String.init)
  }

  private func bootEntry(_ guest: GuestReport) -> LoadOption? {
    guard let number = guest.bootCurrent, let text = guest.bootEntries?[number],
      let bytes = [UInt8](hexadecimal: text)
    else { return nil }
    return try? LoadOption(bytes: bytes)
  }

  /// The machine's devices with their addresses; none where libvirt cannot be asked, which the host's
  /// report tells.
  private func bootDevices(of machine: String) async -> [BootDevice] {
    guard let xml = try? await connection.xml(of: machine), let domain = try? Domain(parsing: xml)
    else { return [] }
    return BootDevice.devices(of: domain)
  }

  private func disk(bootedBy entry: LoadOption?, among devices: [BootDevice]) -> String? {
    guard let device = entry.flatMap({ devices.device(bootedBy: $0.devicePath) }), device.isDisk
    else { return nil }
    return device.name
  }

  private var servers: [Evidence.KnownServer] {
    plan.servers.map { server in
      Evidence.KnownServer(
        address: server.address.address, vlan: server.vlan, attachment: server.attachment,
        field: "spec.attachments[name=\(server.attachment)].server.vlan")
    }
  }

  /// What the host has; `nil`, and a notice, when it cannot be asked: then that witness is missing.
  private func hostReport(_ machine: String) async -> HostReport? {
    do {
      return try await readHostReport(machine)
    } catch {
      await record.add(.notice, "\(machine): the host cannot be asked: \(error)")
      return nil
    }
  }

  private func readHostReport(_ machine: String) async throws -> HostReport {
    let domain = try Domain(parsing: try await connection.xml(of: machine))
    return HostReport(
      domain, machine: machine, plan: plan, state: try await dataplane.state(),
      bridgeFilter: plan.dataplane.engine.choice == .linuxBridge
        ? await BridgeFilterProbe(runner: runner).filter() : nil)
  }
}

extension MachineVerdict {
  /// The first finding, as the reason of a failure.
  fileprivate var reason: String { findings.first?.title ?? "a witness does not hold" }
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
