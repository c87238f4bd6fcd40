import Addresses
import Foundation
import PXEWire
import Testing

@testable import Diagnosis

@Suite("Verdicts")
struct VerdictTests {
  private static let vlan100 = VLANID(rawValue: 100)
  private static let vlan200 = VLANID(rawValue: 200)

  private static func host(
    _ change: (inout HostReport) -> Void = { _ in }
  ) throws -> HostReport {
    let vlan = try #require(vlan100)
    var report = HostReport(
      engine: "openvswitch", machineType: "pc-q35-7.2", secureLoader: true, smm: true,
      nvram: "/nvram/vmi-pxe-boot_VARS.fd",
      interfaces: [
        .init(mac: Capture.mac, tap: "tap0", bootOrder: 1, model: "virtio"),
        .init(mac: MACAddress(rawValue: 0x0200_0000_0001), tap: nil, rom: false),
      ],
      ports: [.init(name: "tap0", pvid: vlan, untagged: [vlan])])
    change(&report)
    return report
  }

  private static func guest(
    _ change: (inout GuestReport) -> Void = { _ in }
  ) throws -> GuestReport {
    let json = """
      {"version":1,"secureBoot":true,"setupMode":false,"lockdown":"integrity",
       "bootCurrent":"0001","bootOrder":["0001","0002"],"bootEntries":{},
       "nics":[{"name":"eth0","mac":"de:00:00:00:00:de"}],"pod":null}
      """
    var report = try JSONDecoder().decode(GuestReport.self, from: Data(json.utf8))
    change(&report)
    return report
  }

  private static func goodEvidence() throws -> Evidence {
    var evidence = try Capture("secureboot").evidence(
      Capture.expectation {
        $0.bootFile = "shimx64.efi"
        $0.fileSizes = ["shimx64.efi": 1_048_504]
        $0.secureBoot = true
        $0.lockdown = true
        $0.persistent = true
      })
    evidence.guest = try guest()
    evidence.bootCurrentMAC = Capture.mac
    evidence.bootCurrentDescription = "UEFI PXEv4 (MAC:DE00000000DE)"
    evidence.host = try host()
    // The capture ends at GRUB, which found no grub.cfg; a machine that goes on finds one.
    evidence.trace?.transfers.removeAll { $0.file.hasSuffix("grub.cfg") }
    return evidence
  }

  @Test("all witnesses hold: pass, without a finding")
  func pass() throws {
    let verdict = MachineVerdict(judging: try Self.goodEvidence())
    #expect(verdict.witnesses.wire.failed.isEmpty)
    #expect(verdict.witnesses.guest.failed.isEmpty)
    #expect(verdict.witnesses.host.failed.isEmpty)
    #expect(verdict.findings.isEmpty)
    #expect(verdict.verdict == .pass)
    #expect(verdict.timeline.first?.text == "DISCOVER vlan 100 arch 7 (x64 UEFI)")
    #expect(!verdict.timeline.contains { $0.kind == "tftpProgress" })
    #expect(verdict.timeline.map(\.time) == verdict.timeline.map(\.time).sorted())
  }

  /// A guest of a BIOS machine has no EFI variables; its kernel was told the NIC.
  @Test(
    "a BIOS machine is judged by the NIC that its network boot program names",
    arguments: [
      ("quiet pxelab.bootmac=de:00:00:00:00:de pxelab.stay", []),
      ("pxelab.bootmac=02:00:00:00:00:01", ["boot NIC"]), ("quiet", ["boot NIC"]),
    ])
  func bios(commandLine: String, failed: [String]) throws {
    var evidence = try Self.goodEvidence()
    evidence.expectation?.efi = false
    evidence.expectation?.secureBoot = false
    evidence.expectation?.lockdown = false
    evidence.bootCurrentMAC = nil
    evidence.guest = try Self.guest { report in
      report.secureBoot = nil
      report.bootCurrent = nil
      report.bootOrder = nil
      report.cmdline = commandLine
    }
    let verdict = MachineVerdict(judging: evidence)
    #expect(verdict.witnesses.guest.failed.map(\.name) == failed)
  }

  @Test("JSON has the promised shape and reads back")
  func json() throws {
    let verdict = MachineVerdict(judging: try Self.goodEvidence())
    let data = try JSONEncoder().encode(verdict)
    let object = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Set(object.keys) == ["name", "verdict", "witnesses", "timeline", "findings"])
    #expect(object["name"] as? String == "vmi-pxe-boot")
    #expect(object["verdict"] as? String == "pass")
    let witnesses = try #require(object["witnesses"] as? [String: Any])
    #expect(Set(witnesses.keys) == ["wire", "guest", "host"])
    let wire = try #require(witnesses["wire"] as? [String: Any])
    #expect(wire["holds"] as? Bool == true)
    let again = try JSONDecoder().decode(MachineVerdict.self, from: data)
    #expect(again.witnesses.host == verdict.witnesses.host)
    #expect(again.witnesses.guest == verdict.witnesses.guest)
    #expect(again.findings == verdict.findings)
    #expect(again.timeline == verdict.timeline)
  }

  /// One fault in otherwise good evidence, the check that must see it, and the finding's rule.
  struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let check: String?
    let rule: String
    let apply: @Sendable (inout Evidence) throws -> Void

    init(
      _ name: String, check: String?, rule: String,
      _ apply: @escaping @Sendable (inout Evidence) throws -> Void
    ) {
      testDescription = name
      self.check = check
      self.rule = rule
      self.apply = apply
    }
  }

  static let faults: [Fault] = [
    Fault("no frame", check: nil, rule: "PXL002") { $0.trace = nil },
    Fault("no guest report", check: nil, rule: "PXL013") {
      $0.guest = nil
      $0.console.removeAll { $0.kind == .grubPrompt }
    },
    Fault("no host report", check: nil, rule: "PXL015") { $0.host = nil },
    Fault("another server answers", check: "DHCP ACK", rule: "PXL015") {
      $0.expectation?.server = IPv4Address(rawValue: 0x0a00_0001)
    },
    Fault("the NBP has another size", check: "NBP", rule: "PXL015") {
      $0.expectation?.fileSizes = ["shimx64.efi": 1_048_505]
    },
    Fault("frames without a tag", check: "VLAN", rule: "PXL014") { $0.trace?.framesByVLAN[0] = 1 },
    Fault("Secure Boot off", check: "Secure Boot", rule: "PXL012") {
      $0.guest?.secureBoot = false
    },
    Fault("not locked down", check: "lockdown", rule: "PXL015") { $0.guest?.lockdown = "none" },
    Fault("NIC missing in the guest", check: "NIC", rule: "PXL014") { $0.guest?.nics = [] },
    Fault("booted from disk", check: "BootCurrent", rule: "PXL011") { $0.bootCurrentMAC = nil },
    Fault("booted from another NIC", check: "BootCurrent", rule: "PXL011") {
      $0.bootCurrentMAC = MACAddress(rawValue: 0x0200_0000_0001)
    },
    Fault("no BootOrder", check: "BootOrder", rule: "PXL015") { $0.guest?.bootOrder = nil },
    Fault("pod network dead", check: "pod network", rule: "PXL015") {
      $0.guest?.pod = .init(interface: "eth0", gateway: "10.0.2.2", reachable: false)
    },
    Fault("boot order lost", check: "boot order", rule: "PXL015") {
      $0.host?.interfaces[0].bootOrder = 2
    },
    Fault("loader not secure", check: "secure loader", rule: "PXL014") {
      $0.host?.secureLoader = false
    },
    Fault("no SMM", check: "SMM", rule: "PXL015") { $0.host?.smm = false },
    Fault("no variable store", check: "variable store", rule: "PXL015") { $0.host?.nvram = nil },
    Fault("wrong PVID", check: "PVID", rule: "PXL014") { $0.host?.ports[0].pvid = vlan200 },
    Fault("VLAN 1 still on the port", check: "VLAN 1", rule: "PXL015") {
      $0.host?.ports[0].untagged.append(.bridgeDefault)
    },
    Fault("no port", check: "PVID", rule: "PXL015") { $0.host?.ports = [] },
  ]

  @Test("one fault fails the verdict, its check and its rule", arguments: faults)
  func fault(_ fault: Fault) throws {
    var evidence = try Self.goodEvidence()
    try fault.apply(&evidence)
    let verdict = MachineVerdict(judging: evidence)
    #expect(verdict.verdict == .fail)
    let witnesses = verdict.witnesses
    let failed =
      witnesses.wire.failed.map(\.name) + witnesses.guest.failed.map(\.name)
      + witnesses.host.failed.map(\.name)
    if let check = fault.check {
      #expect(failed.contains(check))
    } else {
      let missing = [witnesses.wire.missing, witnesses.guest.missing, witnesses.host.missing]
      #expect(missing.compactMap { $0 }.count == 1)
    }
    #expect(verdict.findings.contains { $0.id == fault.rule && $0.severity == .error })
    #expect(verdict.findings.allSatisfy { !$0.fix.isEmpty && !$0.evidence.isEmpty })
  }

  @Test("lost packets leave `not seen` undecided and say so; they excuse no wrong server")
  func dropped() throws {
    var evidence = try Capture("wrong-vlan").evidence()
    evidence.dropped = 3
    let verdict = MachineVerdict(judging: evidence)
    #expect(verdict.verdict == .fail)
    #expect(verdict.witnesses.wire.checks.first { $0.name == "DHCP ACK" }?.holds == nil)
    #expect(verdict.findings.first?.id == "PXL001")
    let unanswered = try #require(verdict.findings.first { $0.id == "PXL003" })
    #expect(unanswered.severity == .warning)
    #expect(!unanswered.title.contains("no server answers"))
  }
}
