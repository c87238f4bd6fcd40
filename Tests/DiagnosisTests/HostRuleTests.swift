import Addresses
import Foundation
import PXEWire
import Testing

@testable import Diagnosis

/// Rules that rest on the host's and the console's evidence. Each case is evidence that must have
/// the finding first, and the same with one change that must not have it.
@Suite("Rules on host and console")
struct HostRuleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let finding: String
    let title: String
    let severity: Finding.Severity
    let broken: @Sendable (inout Evidence) throws -> Void
    let healthy: @Sendable (inout Evidence) throws -> Void

    init(
      _ finding: String, _ name: String, _ severity: Finding.Severity = .error,
      says title: String, broken: @escaping @Sendable (inout Evidence) throws -> Void,
      healthy: @escaping @Sendable (inout Evidence) throws -> Void
    ) {
      self.finding = finding
      self.title = title
      self.severity = severity
      testDescription = "\(finding) \(name)"
      self.broken = broken
      self.healthy = healthy
    }
  }

  static let cases: [Case] = [
    Case(
      "PXL001", "the capture lost packets", .warning, says: "lost 3 packets",
      broken: { evidence in
        evidence.dropped = 3
        evidence.guest = try guest()
        evidence.bootCurrentMAC = Capture.mac
      },
      healthy: { $0.dropped = 0 }),
    Case(
      "PXL098", "dnsmasq was killed and nobody answered",
      says: "dnsmasq of pxe was ended by signal 9 (SIGKILL) while the machine booted",
      broken: { evidence in
        evidence = try Capture("wrong-vlan").evidence()
        evidence.lab.failures = [
          .init(
            title: "dnsmasq of pxe", reason: "was ended by signal 9 (SIGKILL)",
            time: Timestamp(seconds: 0))
        ]
      },
      healthy: { $0.lab.failures = [] }),
    Case(
      "PXL099", "a kernel that was being loaded",
      says: "under way when its time of 3 min was over: TFTP /kernel 71 % of 8.4 MB.",
      broken: {
        $0.lab.timeLimit = .init(
          seconds: 180, elapsed: 540,
          lastSign: .init(text: "TFTP /kernel 71 % of 8.4 MB", age: 0.4), isEmulated: true)
      },
      healthy: { $0.lab.timeLimit = nil }),
    Case(
      "PXL100", "the disk is full", .warning, says: "No space left on device",
      broken: { evidence in
        evidence.guest = try guest()
        evidence.bootCurrentMAC = Capture.mac
        evidence.lab.captureFileFailure = "br1.pcapng cannot be written: No space left on device"
      },
      healthy: { $0.lab.captureFileFailure = nil }),
    Case(
      "PXL002", "no frame at all", says: "no frame from de:00:00:00:00:de",
      broken: {
        $0.trace = nil
        $0.console = read(">>Start PXE over IPv4.")
      },
      healthy: { evidence in
        var scene = Scene()
        scene.ask(1)
        evidence.trace = scene.trace()
      }),
    Case(
      "PXL050", "a card that OVMF does not drive", says: "no driver for the e1000 card",
      broken: {
        $0.trace = nil
        $0.console = try console("card-without-driver")
        $0.host?.interfaces[0].model = "e1000"
        $0.host?.interfaces[0].rom = false
      },
      healthy: { $0.host?.interfaces[0].rom = nil }),
    Case(
      "PXL051", "neither virtio-rng nor RDRAND", says: "no source of random numbers",
      broken: {
        $0.trace = nil
        $0.console = try console("card-without-driver")
        $0.host?.hasRandomNumberGenerator = false
        $0.host?.processorLacksRDRAND = true
      },
      healthy: { $0.host?.hasRandomNumberGenerator = true }),
    Case(
      "PXL052", "no initramfs", says: "got no initramfs and has no root file system",
      broken: {
        $0.console += read(
          "[    0.000000] Linux version 6.1.0\n"
            + "[    1.0] VFS: Unable to mount root fs on unknown-block(0,0)\n"
            + "[    1.1] Kernel panic - not syncing: VFS: Unable to mount root fs\n")
      },
      healthy: { $0.console.removeAll { $0.kind == .kernelPanic } }),
    Case(
      "PXL053", "the first process ends", says: "Attempted to kill init",
      broken: {
        $0.console += read(
          "[    0.000000] Linux version 6.1.0\n"
            + "[    1.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x100\n")
      },
      healthy: { $0.console.removeAll { $0.kind == .kernelPanic } }),
    Case(
      "PXL054", "GRUB has nothing to boot", says: "found no configuration that boots",
      broken: { $0.console = try console("grub-without-entry") },
      healthy: { evidence in
        evidence.console += read("[    0.000000] Linux version 6.1.0-56-cloud-amd64\n")
      }),
    Case(
      "PXL054", "GRUB's rescue shell", says: "rescue shell",
      broken: {
        $0.console += read(
          "error: file `/boot/grub/x86_64-efi/normal.mod' not found.\ngrub rescue> ")
      },
      healthy: { $0.console = [] }),
    Case(
      "PXL054", "GRUB's rescue shell, and the module that it has not", says: "rescue shell",
      broken: { evidence in
        evidence.console += read(
          "error: file `/grub/x86_64-efi/normal.mod' not found.\ngrub rescue> ")
        try evidence.refuse("/grub/x86_64-efi/normal.mod")
      },
      healthy: { $0.console = [] }),
    Case(
      "PXL007", "the kernel panics for want of the initramfs", says: "no file /initramfs",
      broken: { evidence in
        evidence.console += read(
          "error: file `/initramfs' not found.\n"
            + "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n")
        try evidence.refuse("/initramfs")
      },
      healthy: { $0.trace?.transfers.removeLast() }),
    Case(
      "PXL052", "the panic alone speaks of the root file system", says: "got no initramfs",
      broken: {
        $0.console += read(
          "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n")
      },
      healthy: { $0.console = read("Kernel panic - not syncing: Attempted to kill init!\n") }),
    Case(
      "PXL033", "a program was started and does nothing", says: "was started",
      broken: { evidence in
        try evidence.loadAlone("menu.efi")
        let end = try #require(evidence.trace?.transfers.last?.lastProgress)
        evidence.segment = Segment(end: Timestamp(seconds: end.seconds + 30))
        evidence.console = read(
          "BdsDxe: starting Boot0001 \"UEFI PXEv4 (MAC:DE00000000DE)\" from "
            + "PciRoot(0x0)/Pci(0x2,0x0)/MAC(DE00000000DE,0x1)\n", at: end.seconds)
      },
      healthy: { $0.console += read("EFI stub: Loaded initrd\n") }),
    Case(
      "PXL031", "every fourth packet is lost", says: "packets are lost on the way",
      broken: { evidence in
        try evidence.loadAlone("shimx64.efi")
        evidence.console = []
        let started = try #require(evidence.trace?.transfers.last?.started)
        let now = Timestamp(seconds: started.seconds + 30)
        evidence.segment = Segment(end: now)
        evidence.trace?.transfers[0].state = .running
        evidence.trace?.transfers[0].lastProgress = now
        evidence.trace?.transfers[0].blocks = 40
        evidence.trace?.transfers[0].repeatedBlocks = 12
      },
      healthy: { $0.trace?.transfers[0].repeatedBlocks = 2 }),
    Case(
      "PXL055", "an installer that finds the network again", says: "again and again: 3 times",
      broken: { try $0.loadSystem(times: 3) },
      healthy: { evidence in
        // Switched on twice.
        let programs = evidence.trace?.transfers.filter { $0.file == "shimx64.efi" } ?? []
        let last = programs.last?.started
        evidence.trace?.transfers.removeAll { transfer in
          last.map { transfer.started >= $0 } ?? false
        }
      }),
    Case(
      "PXL056", "the server's log says why", says: "its configuration ignores the machine",
      broken: {
        $0.trace?.exchanges.removeAll()
        $0.serverLog = ["dnsmasq-dhcp: DHCPDISCOVER(eth0) de:00:00:00:00:de ignored"]
      },
      healthy: { $0.serverLog = ["dnsmasq-dhcp: DHCPOFFER(eth0) 192.168.100.80"] }),
    Case(
      "PXL057", "frames dropped by macspoofchk", says: "dropped 12 frames",
      broken: { $0.host?.ports[0].spoofedFrames = 12 },
      healthy: { $0.host?.ports[0].spoofedFrames = 0 }),
    Case(
      "PXL058", "two interfaces with one address", says: "twin/pxe-net",
      broken: { $0.host?.interfaces[0].namesakes = ["twin/pxe-net"] },
      healthy: { $0.host?.interfaces[0].namesakes = [] }),
    Case(
      "PXL059", "Docker's FORWARD", says: "bridge-nf-call-iptables is 1",
      broken: {
        $0.trace?.exchanges.removeAll()
        $0.host?.engine = "linux-bridge"
        $0.host?.bridgeFilter = .init(callsIPTables: true, dropsForwarded: true)
      },
      healthy: { $0.host?.bridgeFilter?.dropsForwarded = false }),
    Case(
      "PXL060", "STP on the bridge", says: "has STP on",
      broken: {
        $0.host?.ports[0].bridge = "br-pxe"
        $0.host?.bridges = [.init(name: "br-pxe", forwardDelay: 15)]
        $0.trace = nil
        $0.console = read(">>Start PXE over IPv4.")
      },
      healthy: { $0.host?.bridges[0].forwardDelay = nil }),
    Case(
      "PXL101", "the node's bridge has no uplink",
      says: "on node02, whose bridge br-pxe has no uplink",
      broken: {
        try silence(&$0)
        $0.host?.uplink = .init(node: "node02", bridge: "br-pxe", port: nil)
      },
      healthy: { $0.host?.uplink = nil }),
    Case(
      "PXL102", "the node's trunk lacks the VLAN", says: "does not carry VLAN 100",
      broken: {
        try silence(&$0)
        let other = try #require(VLANID(rawValue: 200))
        $0.host?.uplink = .init(
          node: "node02", bridge: "br-pxe",
          port: .init(name: "pxl-n1", pvid: nil, untagged: [], tagged: [other]))
      },
      healthy: { $0.host?.uplink?.port?.tagged = [try #require(VLANID(rawValue: 100))] }),
    Case(
      "PXL103", "the node has no such bridge", says: "No policy makes the bridge br-pxe on node02",
      broken: {
        try silence(&$0)
        $0.host?.uplink = .init(node: "node02", bridge: "br-pxe", port: nil, absence: .otherNodes)
      },
      healthy: { $0.host?.uplink?.absence = .noPort }),
    Case(
      "PXL104", "the policy's bridge has another name",
      says: "the policies of the nodes make br-px",
      broken: {
        try silence(&$0)
        $0.host?.uplink = .init(
          node: "node02", bridge: "br-pxe", port: nil, absence: .otherName("br-px"))
      },
      healthy: { $0.host?.uplink?.absence = .noPort }),
    Case(
      "PXL105", "the mapping leads nowhere", says: "is mapped to the bridge b",
      broken: {
        try silence(&$0)
        $0.host?.uplink = .init(
          node: "node02", bridge: "physnet", port: nil,
          absence: .unmapped("\"physnet\" is mapped to the bridge b on node02"))
      },
      healthy: { $0.host?.uplink?.absence = .noPort }),
    Case(
      "PXL106", "the resource of another bridge", says: "was chosen for its bridge br-data",
      broken: {
        try silence(&$0)
        $0.host?.uplink = .init(node: "node02", bridge: "br-pxe", port: nil, absence: .otherNodes)
        $0.host?.uplink?.resourceBridge = "br-data"
      },
      healthy: { $0.host?.uplink?.resourceBridge = nil }),
    Case(
      "PXL107", "a smaller MTU on the uplink",
      says: "has an MTU of 900, the machine's network 1500",
      broken: { evidence in
        try evidence.loadAlone("shimx64.efi")
        evidence.console = []
        evidence.trace?.transfers[0].state = .running
        evidence.host?.uplink = .init(
          node: "node02", bridge: "br-pxe", port: .init(name: "pxl-n1", pvid: nil, untagged: []))
        evidence.host?.uplink?.mtu = 900
      },
      healthy: { $0.host?.uplink?.mtu = 1500 }),
    Case(
      "PXL108", "the VLAN leaves without a tag", says: "leaves node02 without a tag",
      broken: {
        try silence(&$0)
        let own = try #require(VLANID(rawValue: 100))
        $0.host?.uplink = .init(
          node: "node02", bridge: "br-pxe",
          port: .init(name: "pxl-n1", pvid: own, untagged: [own], tagged: []))
      },
      healthy: {
        let untagged = $0.host?.uplink?.port?.untagged ?? []
        $0.host?.uplink?.port?.tagged = untagged
        $0.host?.uplink?.port?.untagged = []
      }),
    Case(
      "PXL061", "no boot order at all", says: "No device of the machine has a bootOrder",
      broken: {
        $0.guest = try guest()
        $0.host?.interfaces[0].bootOrder = nil
        $0.bootCurrentMAC = MACAddress(rawValue: 0x0200_0000_0001)
      },
      healthy: { $0.host?.interfaces[0].bootOrder = 1 }),
    Case(
      "PXL061", "<boot dev> alone", says: "<boot dev> (network) is not read",
      broken: {
        $0.guest = try guest()
        $0.host?.interfaces[0].bootOrder = nil
        $0.host?.bootDevices = ["network"]
        $0.bootCurrentMAC = nil
      },
      healthy: { $0.host?.nvram = nil }),
    Case(
      "PXL039", "HTTPS fails without a connection, and is judged at once", says: "does not connect",
      broken: { evidence in
        var scene = Scene()
        SituationTests.leaseHTTP(&scene, "https://192.168.100.1/boot.efi")
        evidence.trace = scene.trace()
        evidence.segment = Segment(end: Timestamp(seconds: scene.clock + 0.2))
        let entry = "PciRoot(0x0)/Pci(0x2,0x0)/MAC(DE00000000DE,0x1)/IPv4(0.0.0.0)/Uri()"
        evidence.console = read(
          "BdsDxe: failed to load Boot0001 \"UEFI HTTPv4 (MAC:DE00000000DE)\" from \(entry)\n",
          at: scene.clock + 0.1)
      },
      healthy: { $0.console = [] }),
    Case(
      "PXL062", "iPXE hangs", says: "asks for no address",
      broken: { evidence in
        try evidence.loadAlone("ipxe.efi")
        evidence.console = read("iPXE initialising devices...\n", at: 5_000_000_000)
      },
      healthy: { $0.console = [] }),
    Case(
      "PXL064", "a server of another VLAN answers", says: "the two VLANs are joined",
      broken: { evidence in
        let asked = try #require(evidence.trace?.exchanges.first)
        var answered = asked
        answered.vlan = VLANID(rawValue: 200)
        answered.discovers = 0
        evidence.trace?.exchanges[0].offers = []
        evidence.trace?.exchanges.append(answered)
      },
      healthy: { $0.trace?.exchanges.removeLast() }),
  ]

  @Test("the cause comes first, and a near miss is silent", arguments: cases)
  func rule(_ row: Case) throws {
    var evidence = try Self.evidence()
    try row.broken(&evidence)
    let findings = MachineVerdict(judging: evidence).findings
    let first = try #require(findings.first)
    #expect(first.id == row.finding, "\(findings.map { "\($0.id) \($0.title)" })")
    #expect(first.severity == row.severity)
    #expect(first.title.contains(row.title), "\(first.title)")
    #expect(!first.evidence.isEmpty && !first.fix.isEmpty)
    try row.healthy(&evidence)
    let rest = MachineVerdict(judging: evidence).findings
    let all = rest + rest.flatMap { $0.consequences ?? [] }
    #expect(!all.contains { $0.id == row.finding }, "\(all.map(\.title))")
  }

  @Test(
    "what libvirt says of a machine that it does not start, and the way out",
    arguments: [
      (
        "unsupported configuration: Secure boot requires SMM feature enabled", "smm.enabled: true"
      ),
      (
        "internal error: qemu: cannot set up guest memory 'pc.ram': Cannot allocate memory",
        "domain.memory.guest"
      ),
      ("operation failed: unable to find any firmware to satisfy 'efi'", "pxelab doctor"),
    ])
  func notStarted(_ reason: String, _ fix: String) throws {
    let verdict = MachineVerdict(notStarted: "m", reason: reason)
    #expect(verdict.verdict == .fail && !verdict.witnesses.hold)
    let finding = try #require(verdict.findings.first)
    #expect(finding.id == "PXL063")
    #expect(finding.title.contains(reason))
    #expect(finding.fix.contains(fix))
  }

  @Test("a failure of the lab's own blames no manifest, and none that was over in time anybody")
  func labFailures() throws {
    var evidence = try Capture("wrong-vlan").evidence()
    let began = try #require(evidence.events.first?.time)
    var failure = LabCondition.ProgramFailure(
      title: "dnsmasq of pxe", reason: "hangs (it does not answer)", time: began)
    evidence.places = [
      .attachmentVLAN: ManifestPlace(file: "net.yaml", line: 1, column: 1, field: "spec.config")
    ]
    evidence.lab.failures = [failure]
    let findings = MachineVerdict(judging: evidence).findings
    #expect(findings.map(\.id) == ["PXL098"])
    #expect(findings.first?.evidence.contains { $0.place != nil } == false)
    #expect(findings.first?.consequences?.map(\.id).contains("PXL003") == true)
    // Before the machine's first packet it was back.
    failure.time = Timestamp(nanoseconds: began.nanoseconds - 2_000_000_000)
    failure.back = Timestamp(nanoseconds: began.nanoseconds - 1_000_000_000)
    evidence.lab.failures = [failure]
    let others = MachineVerdict(judging: evidence).findings
    #expect(others.first?.id == "PXL003")
    #expect(others.last?.id == "PXL098" && others.last?.severity == .info)
  }

  @Test("a time that was over explains a silent kernel only where the kernel was under way")
  func timeOver() throws {
    var evidence = try Self.evidence()
    #expect(MachineVerdict(judging: evidence).findings.map(\.id) == ["PXL013"])
    for (age, first) in [(9.0, "PXL099"), (11, "PXL013")] {
      evidence.lab.timeLimit = .init(
        seconds: 180, elapsed: 180, lastSign: .init(text: "console: Linux version", age: age),
        isEmulated: false)
      let findings = MachineVerdict(judging: evidence).findings
      #expect(findings.first?.id == first && findings.contains { $0.id == "PXL099" })
    }
    let all = MachineVerdict(judging: evidence).findings.map { "\($0)" }.joined()
    #expect(!all.contains("emulated"))
  }

  @Test("a finding has the line of the manifest, once, where it is known")
  func places() throws {
    var evidence = try Self.evidence()
    evidence.host?.ports[0].spoofedFrames = 1
    let line = ManifestPlace(
      file: "net.yaml", line: 13, column: 7, field: "spec.config.macspoofchk")
    let other = ManifestPlace(file: "net.yaml", line: 12, column: 7, field: "spec.config.mtu")
    evidence.places = [.sourceCheck: line, .mtu: other]
    let finding = try #require(MachineVerdict(judging: evidence).findings.first)
    #expect(finding.evidence.compactMap(\.place) == [line])
    #expect(finding.evidence.contains { $0.description.contains("net.yaml:13:7") })
  }

  // MARK: Evidence

  /// A machine that got as far as GRUB, with nothing wrong but that no report came.
  private static func evidence() throws -> Evidence {
    var evidence = try Capture("secureboot").evidence(
      Capture.expectation { $0.bootFile = "shimx64.efi" })
    let vlan = try #require(VLANID(rawValue: 100))
    evidence.console.removeAll { $0.kind == .grubPrompt }
    evidence.trace?.transfers.removeAll { $0.file.hasSuffix("grub.cfg") }
    evidence.host = HostReport(
      engine: "open-vswitch", machineType: "pc-q35-7.2", secureLoader: false, smm: false,
      nvram: "/nvram/vmi-pxe-boot_VARS.fd",
      interfaces: [.init(mac: Capture.mac, tap: "tap0", bootOrder: 1, model: "virtio")],
      ports: [.init(name: "tap0", pvid: vlan, untagged: [vlan])])
    return evidence
  }

  /// Nobody answers the machine's DISCOVERs.
  private static func silence(_ evidence: inout Evidence) throws {
    let silent = try Capture("wrong-vlan").evidence(Capture.expectation { _ in })
    evidence.trace = silent.trace
    evidence.events = silent.events
  }

  private static func guest() throws -> GuestReport {
    let json = """
      {"version":1,"secureBoot":false,"bootCurrent":"0002","bootOrder":["0002","0001"],
       "bootEntries":{},"nics":[{"name":"eth0","mac":"de:00:00:00:00:de"}]}
      """
    return try JSONDecoder().decode(GuestReport.self, from: Data(json.utf8))
  }

  private static func console(_ name: String) throws -> [ConsoleEvent] {
    let file = Bundle.module.bundleURL.appending(path: "Fixtures/\(name).console")
    return read([UInt8](try Data(contentsOf: file)))
  }

  private static func read(_ text: String, at seconds: Double = 200) -> [ConsoleEvent] {
    read(Array(text.utf8), at: seconds)
  }

  private static func read(_ bytes: [UInt8], at seconds: Double = 200) -> [ConsoleEvent] {
    var reader = ConsoleReader()
    let time = Timestamp(seconds: seconds)
    return reader.read(bytes, at: time).events + reader.finish(at: time).events
  }
}

extension Evidence {
  /// Boot program and a system of two megabytes behind it, again and again.
  fileprivate mutating func loadSystem(times: Int) throws {
    let program = try #require(trace?.transfers.last { $0.file == "shimx64.efi" && $0.isWhole })
    trace?.transfers = try (0..<times).flatMap { round in
      try ["shimx64.efi", "kernel"].enumerated().map { offset, file in
        try program.copy(named: file, secondsLater: Double(round * 30 + offset))
      }
    }
  }

  /// A request for a file that the server does not have, after all others.
  fileprivate mutating func refuse(_ file: String) throws {
    let last = try #require(trace?.transfers.last { $0.isWhole })
    let end = trace?.transfers.map(\.lastProgress).max() ?? last.lastProgress
    var transfer = try last.copy(
      named: file, secondsLater: end.seconds(since: last.lastProgress) + 1)
    transfer.state = .failed
    transfer.errorCode = .fileNotFound
    trace?.transfers.append(transfer)
  }

  /// One boot program of a name of its own, and nothing after it.
  fileprivate mutating func loadAlone(_ file: String) throws {
    let program = try #require(trace?.transfers.last { $0.file == "shimx64.efi" && $0.isWhole })
    trace?.transfers = [try program.copy(named: file, secondsLater: 0)]
    expectation?.bootFile = file
  }
}

extension TFTPTransfer {
  /// The same transfer, of another file and at another time.
  fileprivate func copy(named file: String, secondsLater: Double) throws -> TFTPTransfer {
    let data = try JSONEncoder().encode(self)
    var object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    object["file"] = file
    for key in ["started", "lastProgress"] {
      let time = try #require(object[key] as? Double)
      object[key] = time + secondsLater
    }
    return try JSONDecoder().decode(
      TFTPTransfer.self, from: try JSONSerialization.data(withJSONObject: object))
  }
}
