import Addresses
import Diagnosis
import FileSystem
import Foundation
import PXEWire
import Testing

@testable import LabEvidence
@testable import Planning

/// What a lab's files say of a boot, for the verdict and for `pxelab diagnose --lab`.
@Suite struct BootRecordTests {
  /// EFI_LOAD_OPTION of a network boot entry (UEFI 2.10, section 3.1.3): its description is "net", its path
  /// MAC(DE00000000DE,0x1).
  private static let entry =
    "01000000" + "2900" + "6e0065007400" + "0000" + "030b2500" + "de00000000de"
    + String(repeating: "00", count: 26) + "01" + "7fff0400"

  private static func report(_ current: String) -> String {
    #"PXELAB-REPORT {"version":1,"bootCurrent":"\#(current)","bootEntries":{"0001":"\#(entry)"},"nics":[]}"#
      + "\n"
  }

  private static func events(_ text: String) -> [ConsoleEvent] {
    var reader = ConsoleReader()
    let time = Timestamp(seconds: 1)
    return reader.read(Array(text.utf8), at: time).events + reader.finish(at: time).events
  }

  private static func plan(_ folder: String, bootingTwice: Bool = false) throws -> LabPlan {
    let json = """
      {"key": {"resource": {"group": "kubevirt.io", "resource": "virtualmachineinstances"},
       "namespace": "default", "name": "m"}, "name": "m", "domainXML": "", "directory": "/d", "sockets": "/d", "volumes": [],
       "processor": {"required": [], "forbidden": []}, "runStrategy": "none", "startsAtOnce": true,
       "timeoutSeconds": 1, "places": {}, "bootDevices": [],
       "interfaces": [{"name": "net", "mac": "de:00:00:00:00:de", "attachment": "net", "vlan": 100}],
       "expectation": {"name": "m", "mac": "de:00:00:00:00:de", "interface": "net", "vlan": 100,
         "efi": true, "reports": true, "server": "192.168.100.1", "bootFile": "shimx64.efi",
         "fileSizes": {}, "bootOrder": 1, "entries": [], "earlierBoots": [],
         "secureBoot": true, "lockdown": true, "persistent": false, "keepsDefaultVLAN": false}}
      """
    var machine = try JSONDecoder().decode(MachinePlan.self, from: Data(json.utf8))
    if bootingTwice { machine.expectation?.earlierBoots = [.disk(name: "d")] }
    let address = try #require(IPv4Network("192.168.100.1/24"))
    let server = ServerPlan(
      attachment: "net", image: "debian", port: "p", vlan: VLANID(rawValue: 100), address: address,
      rangeStart: address.address, rangeEnd: address.address, leaseSeconds: 60, root: "/r",
      bootFiles: [:], options: [], directory: folder)
    let paths = LabPaths(directory: folder, stores: folder)
    return LabPlan(
      lab: "x", paths: paths, nodes: ["node01"],
      sandbox: SandboxPlan(userNamespace: false, hidesKVM: true),
      dataplane: DataplanePlan(
        engine: Reasoned(.linuxBridge, because: "test"), bridges: [], directory: folder),
      attachments: [], trunks: [], acceleration: Reasoned("tcg", because: "test"),
      servers: [server], machines: [machine], notices: [])
  }

  @Test func whatTheFilesSay() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-record-")
    defer { try? Files.remove(folder) }
    let plan = try Self.plan(folder)
    let server = try #require(plan.servers.first)
    try Files.write(
      "DHCPDISCOVER(eth0) DE:00:00:00:00:DE\nDHCPDISCOVER(eth0) de:00:00:00:00:01\n",
      to: server.log)
    let machine = try #require(plan.machines.first)
    var record = BootRecord(of: machine, in: plan)
    let known = await record.knowledge(
      console: Self.events(Self.report("0001")), devices: [])
    #expect(record.notices.isEmpty)
    #expect(known.serverLog == ["DHCPDISCOVER(eth0) DE:00:00:00:00:DE"])
    #expect(
      known.servers.map(\.attachment) == ["net"] && known.servers.first?.vlan?.rawValue == 100)
    #expect(known.servedRequests == nil && known.variables == nil)
    #expect(known.bootCurrentMAC == MACAddress("de:00:00:00:00:de"))
    #expect(known.bootCurrentDescription?.hasPrefix("net ") == true)
    var evidence = Evidence(mac: MACAddress(rawValue: 0xde00_0000_00de))
    known.add(to: &evidence)
    #expect(evidence.guest?.bootCurrent == "0001" && evidence.servers == known.servers)
    #expect(evidence.expectation?.name == "m" && evidence.serverLog == known.serverLog)
  }

  /// Of a live boot the node has the reports, of a capture the console's file has them.
  @Test func aLiveBootAndACaptureAreToldTheSame() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-record-")
    defer { try? Files.remove(folder) }
    let plan = try Self.plan(folder)
    let machine = try #require(plan.machines.first)
    let console = Self.events(Self.report("0001"))
    var record = BootRecord(of: machine, in: plan)
    var evidences: [Evidence] = []
    for reports in [nil, console.compactMap(\.report)] {
      var evidence = Evidence(mac: MACAddress(rawValue: 0xde00_0000_00de))
      await record.knowledge(console: console, reports: reports, devices: []).add(to: &evidence)
      evidences.append(evidence)
    }
    #expect(evidences[0].guest == evidences[1].guest && evidences[0].guest != nil)
    #expect(evidences[0].bootCurrentMAC == evidences[1].bootCurrentMAC)
    #expect(evidences[0].bootCurrentDescription == evidences[1].bootCurrentDescription)
  }

  @Test func aMachineThatIsToBootTwiceHasNoReportOfItsLastBootBeforeThat() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-record-")
    defer { try? Files.remove(folder) }
    let plan = try Self.plan(folder, bootingTwice: true)
    let machine = try #require(plan.machines.first)
    for (count, hasGuest) in [(0, false), (1, false), (2, true)] {
      let text = (0..<count).map { Self.report("000\($0 + 1)") }.joined()
      var record = BootRecord(of: machine, in: plan)
      let known = await record.knowledge(console: Self.events(text), devices: [])
      var evidence = Evidence(mac: MACAddress(rawValue: 0xde00_0000_00de))
      known.add(to: &evidence)
      #expect((evidence.guest != nil) == hasGuest)
      #expect(evidence.earlierBoots.count == min(count, 1))
    }
  }

  @Test func aStoreThatCannotBeReadIsSaid() async throws {
    let folder = try Files.makeUniqueFolder("/tmp/pxelab-record-")
    defer { try? Files.remove(folder) }
    let plan = try Self.plan(folder)
    var machine = try #require(plan.machines.first)
    let store = """
      {"path": "\(folder)/vars.fd", "template": "/t", "persistent": false, "secureBoot": false}
      """
    machine.variableStore = try JSONDecoder().decode(
      MachinePlan.VariableStore.self, from: Data(store.utf8))
    var record = BootRecord(of: machine, in: plan)
    _ = await record.knowledge(console: [], devices: [])
    #expect(record.notices.isEmpty, "a machine that was never started has no store")
    try Files.write("nonsense", to: "\(folder)/vars.fd")
    _ = await record.knowledge(console: [], devices: [])
    #expect(record.notices.count == 1)
    #expect(record.notices.first?.hasPrefix("m: the variable store cannot be read: ") == true)
  }
}
