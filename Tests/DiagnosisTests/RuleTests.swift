import Addresses
import PXEWire
import Testing

@testable import Diagnosis

@Suite("Rules on captured boots")
struct RuleTests {
  /// The findings that are seen here with what must have them and what must not.
  static let covered: Set = ["PXL010", "PXL013", "PXL036"]

  private static func findings(_ evidence: Evidence) -> [Finding] {
    MachineVerdict(judging: evidence).findings
  }

  @Test("nobody answers on the VLAN, and where the server is")
  func wrongVLAN() throws {
    var evidence = try Capture("wrong-vlan").evidence()
    evidence.servers = [
      .init(
        address: Capture.server, vlan: VLANID(rawValue: 200), attachment: "pxe-net-200",
        field: "lab.yaml: spec.attachments[0].vlan")
    ]
    let finding = try #require(Self.findings(evidence).first)
    #expect(finding.id == "PXL003")
    #expect(finding.severity == .error)
    #expect(
      finding.title
        == "DHCP DISCOVER was seen on VLAN 100 and no server answers there; "
        + "the server 192.168.100.1 is on VLAN 200.")
    #expect(finding.fix.contains("lab.yaml: spec.attachments[0].vlan"))
    #expect(
      finding.evidence.first?.text == "4 DISCOVER from de:00:00:00:00:de on VLAN 100, no OFFER")

    evidence.servers = []
    #expect(
      Self.findings(evidence).first?.title
        == "DHCP DISCOVER was seen on VLAN 100 and no server answers there.")
  }

  @Test("the boot file is missing")
  func missingFile() throws {
    let findings = Self.findings(try Capture("missing-file").evidence())
    #expect(findings.map(\.id) == ["PXL007"])
    #expect(findings.first?.title == "The server 192.168.100.1 has no file nothere.efi.")
    #expect(findings.first?.evidence.contains { $0.text.contains("PXE-E23") } == true)
  }

  @Test("files that shim and GRUB only look for are no fault; a missing grub.cfg is")
  func optionalFiles() throws {
    let findings = Self.findings(try Capture("secureboot").evidence())
    #expect(
      findings.filter { $0.id == "PXL007" }.map(\.title) == [
        "The server 192.168.100.1 has no file /grub/grub.cfg."
      ])
  }

  @Test("an unsigned program under Secure Boot")
  func unsigned() throws {
    let evidence = try Capture("unsigned-nbp").evidence(
      Capture.expectation { $0.secureBoot = true })
    let findings = Self.findings(evidence)
    #expect(findings.map(\.id) == ["PXL009"])
    #expect(findings.first?.title.hasPrefix("snponly.efi arrived whole") == true)
    #expect(findings.first?.evidence.last?.text.hasSuffix("Access Denied") == true)
  }

  @Test("the same without a console: only repeated loads allow the judgement")
  func unsignedSilent() throws {
    var evidence = try Capture("unsigned-nbp").evidence(
      Capture.expectation { $0.secureBoot = true })
    evidence.console = []
    #expect(Self.findings(evidence).map(\.id).contains("PXL009") == false)
    let again = evidence.trace?.transfers.last
    evidence.trace?.transfers += again.map { [$0] } ?? []
    #expect(Self.findings(evidence).map(\.id) == ["PXL009"])
  }

  @Test("a stalled transfer")
  func stalled() throws {
    let findings = Self.findings(try Capture("small-nbp").evidence(until: 24))
    #expect(findings.contains { $0.id == "PXL008" })
  }

  @Test("the boot server does not answer ARP")
  func arp() throws {
    let capture = try Capture("small-nbp")
    let request = try #require(capture.packets.first { $0.number == 19 })
    var (tracker, _) = try capture.tracked(until: 5)
    for second in 1...3 {
      let time = Timestamp(seconds: request.time.seconds + Double(second))
      _ = tracker.observe(try Frame(decoding: request.bytes), at: time, number: 0)
    }
    let evidence = Evidence(
      expectation: Capture.expectation(), trace: tracker.trace(of: Capture.mac))
    let finding = try #require(Self.findings(evidence).first)
    #expect(finding.id == "PXL006")
    #expect(
      finding.evidence.map(\.text) == ["4 ARP requests for 192.168.100.1 without a reply"])
    #expect(finding.evidence.first?.packets?.map(\.number) == [19])
  }

  @Test("an OFFER that is not taken")
  func offer() throws {
    let findings = Self.findings(try Capture("small-nbp").evidence(until: 2))
    #expect(findings.map(\.id) == ["PXL004"])
  }

  @Test("a NAK, before and after the client has another address")
  func refused() throws {
    let mac = try #require(MACAddress("de:00:00:00:00:dc"))
    let capture = try Capture("lease-refused")
    let expectation = Capture.expectation { $0.mac = mac }
    let nak = try #require(capture.packets.firstIndex { $0.number == 25 })
    let refused = Self.findings(try capture.evidence(expectation, until: nak + 1))
    #expect(refused.first { $0.id == "PXL005" }?.severity == .error)
    #expect(refused.first { $0.id == "PXL005" }?.title.hasSuffix(": wrong network.") == true)
    let settled = Self.findings(try capture.evidence(expectation))
    #expect(settled.first { $0.id == "PXL005" }?.severity == .info)
  }

  @Test("the option ROM boots first on UEFI, which is how BIOS machines boot anyway")
  func optionROM() throws {
    let uefi = Self.findings(try Capture("option-rom").evidence())
    #expect(uefi.contains { $0.id == "PXL010" && $0.severity == .warning })
    let bios = Self.findings(try Capture("bios").evidence())
    #expect(!bios.contains { $0.id == "PXL010" })
  }

  @Test(
    "silence has four causes",
    arguments: [
      ("", "The machine sends nothing"),
      (">>Start PXE over IPv4.\n", "The firmware tries the network"),
      ("BdsDxe: failed to load Boot0001 \"UEFI Misc\": Not Found\n", "The firmware has no network"),
      (
        "BdsDxe: failed to load Boot0002 \"UEFI PXEv4 (MAC:DE00000000DE)\" from PciRoot(0x0)"
          + "/Pci(0x2,0x0)/Pci(0x0,0x0)/MAC(DE00000000DE,0x1): Not Found\n"
          + "BdsDxe: failed to load Boot0001 \"UEFI Misc\": Not Found\n",
        "The firmware's boot entry for de:00:00:00:00:de fails"
      ),
    ])
  func silence(_ console: String, _ title: String) {
    var reader = ConsoleReader()
    let events = reader.read(Array(console.utf8), at: Timestamp(seconds: 1)).events
    let evidence = Evidence(expectation: Capture.expectation(), console: events)
    let finding = Self.findings(evidence).first
    #expect(finding?.id == "PXL002")
    #expect(finding?.title.hasPrefix(title) == true)
  }

  @Test(
    "no report: how far the machine came",
    arguments: [
      ("", "The boot program ran, but no kernel started."),
      ("Linux version 6.1.0\n", "The kernel started, but the probe did not report."),
      ("PXELAB-REPORT {\n", "The probe's report cannot be read."),
    ])
  func noReport(_ console: String, _ title: String) throws {
    var reader = ConsoleReader()
    var evidence = try Capture("secureboot").evidence()
    evidence.console += reader.read(Array(console.utf8), at: Timestamp(seconds: 200)).events
    // The missing grub.cfg is the cause of what follows.
    let cause = try #require(Self.findings(evidence).first)
    #expect(cause.id == "PXL007")
    #expect(cause.consequences?.contains { $0.id == "PXL013" && $0.title == title } == true)
  }

  @Test("four ways to boot from one card, none of them served; over IPv4 alone it is not many")
  func manyEntries() {
    var scene = Scene()
    for second in [4.0, 8, 16, 32] {
      scene.ask(1)
      scene.wait(second)
    }
    let overIPv4 = scene.report().findings
    #expect(!overIPv4.contains { $0.id == "PXL036" })
    for second in [1.0, 2, 4, 8] {
      scene.askV6(1)
      scene.wait(second)
    }
    let finding = scene.report().findings.first { $0.id == "PXL036" }
    #expect(finding?.severity == .warning)
    #expect(finding?.title.contains("2 ways to boot") == true, "\(finding?.title ?? "none")")
  }
}

/// What every finding must have.
@Suite("Every finding")
struct EveryFindingTests {
  /// Said of machines that did not run, or not to the end; no rules on evidence.
  private static let said: Set = ["PXL016", "PXL063", "PXL109"]

  @Test("has something that must have it, and something healthy near to it that must not")
  func covered() {
    let pairs =
      RuleTests.covered.union(HostRuleTests.cases.map(\.finding))
      .union(VerdictTests.faults.map(\.rule)).union(Self.said).union(ClientOutcomeTests.covered)
    let broken = pairs.union(SituationTests.all.compactMap(\.cause))
    let near = pairs.union(SituationTests.all.flatMap(\.near))
    let all = Set(DiagnosisRules.ids)
    #expect(all.subtracting(broken).sorted() == [], "without something that has it")
    #expect(all.subtracting(near).sorted() == [], "without a near miss")
    #expect(broken.union(near).subtracting(all) == [])
  }
}
