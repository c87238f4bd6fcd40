import Addresses
import BootOrder
import Diagnosis
import Execution
import FileSystem
import Firmware
import LabStore
import Planning

/// What a lab has of a machine's boot besides the packets: its plan, and what the machine and the servers
/// have written. The verdict on a boot and `pxelab diagnose --lab` rest on the same.
package struct BootRecord: Sendable {
  private let plan: LabPlan
  private let machine: MachinePlan
  private let runner: any CommandRunner
  /// What a person should know of the record itself.
  package private(set) var notices: [String] = []

  /// The record of a machine of a lab.
  ///
  /// - Parameter runner: what unpacks variable stores that are not read as they are.
  package init(
    of machine: MachinePlan, in plan: LabPlan, runner: any CommandRunner = SubprocessRunner()
  ) {
    self.machine = machine
    self.plan = plan
    self.runner = runner
  }

  /// What is known of the boot. What cannot be read is missing, and said.
  ///
  /// - Parameters:
  ///   - console: what the machine's console said.
  ///   - reports: the probe's reports, one for each restart, oldest first; `nil` where they are those of
  ///     the console.
  ///   - devices: the devices of the machine's domain.
  package mutating func knowledge(
    console: [ConsoleEvent], reports: [GuestReport]? = nil, devices: [BootDevice]
  ) async -> Knowledge.Machine {
    let expectation = machine.expectation
    var known = Knowledge.Machine(expectation: expectation, console: console)
    known.reports = reports
    known.variables = await variables()
    known.places = machine.places
    known.servers = plan.servers.map(Self.known)
    if let mac = expectation?.mac ?? machine.interfaces.first?.mac {
      known.serverLog = plan.servers.flatMap { Self.log(of: $0, about: mac) }
    }
    let secured = plan.servers.filter { $0.stunnelConfiguration != nil }
    if !secured.isEmpty { known.servedRequests = secured.flatMap(Self.requests) }
    let reports = reports ?? console.compactMap(\.report)
    let boots = expectation?.boots ?? 1
    if reports.count >= boots, let last = reports.last {
      let entry = Self.bootEntry(last)
      known.bootCurrentMAC = entry?.devicePath.macAddress
      known.bootCurrentDescription = entry.map(Self.words)
      known.bootCurrentDisk = Self.disk(bootedBy: entry, among: devices)
    }
    known.earlierBoots = reports.prefix(boots - 1).map { report in
      let entry = Self.bootEntry(report)
      var earlier = Evidence.EarlierBoot(
        guest: report, bootCurrentMAC: entry?.devicePath.macAddress,
        bootCurrentDescription: entry.map(Self.words))
      earlier.bootCurrentDisk = Self.disk(bootedBy: entry, among: devices)
      return earlier
    }
    return known
  }

  /// What the machine's variable store has; `nil` before its first start, and with a notice when it cannot
  /// be read.
  private mutating func variables() async -> FirmwareVariables? {
    guard let store = machine.variableStore, Files.exists(store.path) else { return nil }
    do {
      return FirmwareVariables(
        try await VariableStoreReader(runner: runner).read(VariableStoreFile(path: store.path)))
    } catch {
      notices.append("\(machine.name): the variable store cannot be read: \(error)")
      return nil
    }
  }

  private static func known(_ server: ServerPlan) -> Evidence.KnownServer {
    Evidence.KnownServer(
      address: server.address.address, vlan: server.vlan, attachment: server.attachment,
      field: "spec.attachments[name=\(server.attachment)].server.vlan")
  }

  /// What was asked of a server over TLS; nothing by a log that cannot be read.
  private static func requests(of server: ServerPlan) -> [ServedRequest] {
    let logs = [server.tlsLog, server.accessLog].map { path in
      (try? Files.read(path)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
    return HTTPSLog(stunnel: logs[0], access: logs[1]).requests
  }

  /// The last lines of a server's log that name an address; a log that cannot be read says nothing.
  private static func log(of server: ServerPlan, about mac: MACAddress) -> [String] {
    guard let log = try? Files.read(server.log) else { return [] }
    return String(decoding: log.suffix(1 << 18), as: UTF8.self).split(separator: "\n")
      .filter { $0.lowercased().contains("\(mac)") }.suffix(100).map(String.init)
  }

  private static func words(_ entry: LoadOption) -> String {
    "\(entry.description) \(entry.devicePath)"
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
