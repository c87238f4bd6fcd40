import BootOrder
import Diagnosis
import DomainXML
import PXEWire
import Testing

/// What was tried, out of consoles and captures of real boots.
@Suite struct BootRecorderTests {
  /// What an attempt is expected to be: the device, how it ended, and words of why.
  struct Expected: Sendable {
    var device: String?
    var outcome: BootAttempt.Outcome
    var why: String

    init(_ device: String?, _ outcome: BootAttempt.Outcome, _ why: String) {
      self.device = device
      self.outcome = outcome
      self.why = why
    }
  }

  @Test(arguments: [
    (
      "devices-efi",
      [
        Expected("disk usb", .failed, "nothing on it boots (Not Found)"),
        Expected("disk vd", .failed, "nothing on it boots"),
        Expected("disk scsi", .failed, "nothing on it boots"),
        Expected("disk sata", .failed, "nothing on it boots"),
        Expected("CD-ROM cd", .failed, "nothing on it boots"),
        Expected("interface pxe", .failed, "no answer to 4 DISCOVERs; Not Found; PXE-E18"),
        Expected("interface pxe", .running, "SOLICIT"),
      ]
    ),
    (
      "devices-bios",
      [
        Expected("disk usb", .failed, "Boot failed: not a bootable disk"),
        Expected("CD-ROM cd", .failed, "Boot failed: Could not read from CDROM"),
        Expected("interface pxe", .failed, "no answer to 4 DISCOVERs; iPXE ran; it came back"),
        Expected("interface intel", .failed, "no answer to 4 DISCOVERs"),
      ]
    ),
    (
      "dead-server",
      [
        Expected("interface pxe", .failed, "ICMP port unreachable: 192.168.113.1 port 69"),
        Expected("interface pxe", .failed, "ICMP port unreachable: fd00:113::1 port 69"),
        Expected("interface pxe", .failed, "TCP 192.168.113.1:80 refuses the connection"),
        Expected("interface pxe", .failed, "TCP [fd00:113::1]:80 refuses the connection"),
        Expected("disk root", .started, "GRUB, the probe ran"),
      ]
    ),
  ])
  func triedInOrder(_ name: String, _ expected: [Expected]) throws {
    let table = BootOrderTable(try Recorded(name).evidence())
    let boot = try #require(table.boots.last)
    #expect(table.boots.count == 1)
    #expect(boot.attempts.map(\.device) == expected.map(\.device))
    #expect(boot.attempts.map(\.outcome) == expected.map(\.outcome))
    for (attempt, expected) in zip(boot.attempts, expected) {
      #expect(attempt.reason.contains(expected.why), "\(attempt.description): \(attempt.reason)")
    }
    let times = boot.attempts.compactMap(\.began)
    #expect(times == times.sorted() && times.count == boot.attempts.count)
  }

  /// One card, four ways, each to a port where nothing listens: none is told of another's.
  @Test func eachWayHasItsOwnReason() throws {
    let attempts = BootOrderTable(try Recorded("dead-server").evidence()).boots.last?.attempts ?? []
    let reasons = attempts.prefix(4).map(\.reason)
    #expect(
      reasons.map { $0.contains("192.168.113.1") } == [true, false, true, false], "\(reasons)")
    #expect(reasons.map { $0.contains("fd00:113::1") } == [false, true, false, true], "\(reasons)")
    #expect(
      reasons.map { $0.contains("TFTP") || $0.contains("port 69") } == [true, true, false, false])
  }

  /// Lines of a console, a second apart.
  private func events(_ lines: [String]) -> [ConsoleEvent] {
    var reader = ConsoleReader()
    return lines.enumerated().flatMap { index, line in
      reader.read(Array((line + "\n").utf8), at: Timestamp(seconds: Double(index))).events
    }
  }

  private func failed(_ entry: String) -> String {
    "BdsDxe: failed to load Boot\(entry) \"UEFI Misc Device\" from PciRoot(0x0)/Pci(0x2,0x0): "
      + "Not Found"
  }

  private func started(_ entry: String) -> [String] {
    ["loading", "starting"].map {
      "BdsDxe: \($0) Boot\(entry) \"UEFI Misc Device\" from PciRoot(0x0)/Pci(0x3,0x0)"
    }
  }

  @Test func aRestartBeginsAnotherBoot() {
    let system = ["Linux version 6.1"]
    let cases: [(String, [String], order: [UInt16], attempts: [Int])] = [
      ("an operating system ran", started("0002") + system + started("0002"), [2], [1, 1]),
      ("and then the network", started("0002") + system + [">>Start PXE over IPv4."], [2], [1, 1]),
      (
        "a reset: an entry again", [failed("0001"), failed("0001")] + started("0002"), [1, 2],
        [1, 2]
      ),
      ("BootNext, and its turn", [failed("0002"), failed("0001"), failed("0002")], [1, 2], [3]),
      ("what was started came back", started("0001") + started("0002"), [1, 2], [2]),
      (
        "and said so",
        started("0001")
          + ["BdsDxe: failed to start Boot0001 \"x\" from PciRoot(0x0)/Pci(0x3,0x0): Aborted"]
          + started("0002"), [1, 2], [2]
      ),
    ]
    for (title, lines, order, attempts) in cases {
      let boots = BootRecorder.boots(console: events(lines), order: order)
      #expect(boots.map(\.attempts.count) == attempts, "\(title)")
    }
  }

  @Test func powerOnBeginsAnotherBoot() {
    let console = events([failed("0001"), failed("0002"), failed("0001"), failed("0002")])
    let starts = [-1, 1.5, 3.5].map { Timestamp(seconds: $0) }
    let boots = BootRecorder.boots(console: console, starts: starts, order: [1, 2])
    #expect(boots.map(\.began) == starts)
    #expect(boots.map(\.attempts.count) == [2, 2, 0])
  }

  @Test func statusIsTold() throws {
    let line =
      "BdsDxe: failed to load Boot0003 \"UEFI PXEv4 (MAC:DE00000000DE)\" from PciRoot(0x0)"
      + "/Pci(0x2,0x0)/MAC(DE00000000DE,0x1)/IPv6(0000:0000:0000:0000:0000:0000:0000:0000,0x0,Static): "
      + "Access Denied"
    let attempt = try #require(BootRecorder.boots(console: events([line])).first?.attempts.first)
    #expect(attempt.entry == 3 && attempt.outcome == .failed)
    #expect(attempt.mac?.description == "de:00:00:00:00:de")
    #expect(attempt.path?.hasSuffix("Static)") == true)
    #expect(attempt.reason == "no boot packet was sent; Access Denied")
  }

  @Test func anAttemptThatIsNotOverSaysHowFarItIs() throws {
    var evidence = try Recorded("empty-disk-first").evidence()
    evidence.console = Array(evidence.console.prefix { $0.kind != .stationAddress })
    evidence.wire = Array(evidence.wire.prefix { $0.kind != .tftpComplete })
    let attempt = try #require(BootOrderTable(evidence).boots.last?.attempts.last)
    #expect(attempt.outcome == .running)
    #expect(attempt.reason == "no more than TFTP shimx64.efi asked of 192.168.110.1")
    evidence.wire = Array(evidence.wire.prefix { $0.kind != .dhcpAck })
    let asking = try #require(BootOrderTable(evidence).boots.last?.attempts.last)
    #expect(asking.reason == "no answer to 1 REQUEST")
  }

  /// The first questions by IPv6 were captured before the end of IPv4 had been read.
  @Test func aConsoleThatIsReadLateTakesNoPacketsFromTheNextAttempt() throws {
    let wire = try Recorded("devices-efi").observation.wire
    let first = try #require(wire.first).time
    let last = try #require(wire.last).time
    var reader = ConsoleReader()
    let card = "PciRoot(0x0)/Pci(0x2,0x0)/Pci(0x0,0x0)/MAC(DE00000009A1,0x1)"
    let end =
      "BdsDxe: failed to load Boot0007 \"UEFI PXEv4 (MAC:DE00000009A1)\" from \(card)/IPv4(0.0.0.0)"
      + ": Not Found\n>>Start PXE over IPv6.\nBdsDxe: failed to load Boot0008 "
      + "\"UEFI PXEv6 (MAC:DE00000009A1)\" from \(card)/IPv6(::): Not Found\n"
    let console =
      reader.read(Array(">>Start PXE over IPv4.\n".utf8), at: first).events
      + reader.read(Array(end.utf8), at: last).events
    let boot = try #require(
      BootRecorder.boots(
        console: console, wire: wire, starts: [Timestamp(nanoseconds: first.nanoseconds - 1)]
      ).last)
    #expect(
      boot.attempts.map(\.reason) == [
        "no answer to 4 DISCOVERs; Not Found", "no answer to 4 SOLICITs; Not Found",
      ])
  }

  @Test(arguments: [
    (
      "devices-bios", "<bios useserial='yes'/>", "SeaBIOS",
      [("ROM", "interface pxe"), ("ROM", "interface intel")]
    ),
    (
      "devices-efi", "(?s)<serial .*?</serial>", "no serial console",
      [("UEFI PXEv4", "interface pxe"), ("UEFI PXEv6", "interface pxe")]
    ),
  ])
  func aFirmwareThatSaysNothingIsKnownByPackets(
    _ name: String, _ console: String, _ why: String, _ tried: [(String, String)]
  ) throws {
    let recorded = try Recorded(name)
    var evidence = try recorded.evidence()
    evidence.console = []
    let xml = recorded.observation.domainXML.replacing(try Regex(console), with: "")
    #expect(xml != recorded.observation.domainXML)
    evidence.domain = try Domain(parsing: xml)
    let table = BootOrderTable(evidence)
    let boot = try #require(table.boots.last)
    #expect(boot.isByWireAlone)
    #expect(boot.attempts.map(\.description) == tried.map(\.0))
    #expect(boot.attempts.map(\.device) == tried.map(\.1))
    #expect(boot.attempts.map(\.outcome) == [.failed, .running])
    #expect(boot.attempts.allSatisfy { $0.reason.hasPrefix("no answer to 4 ") })
    #expect(table.notes.contains { $0.text.contains(why) && $0.text.contains("not seen") })
  }

  @Test func aLinkThatIsDownIsTheReason() throws {
    let recorded = try Recorded("devices-efi")
    var evidence = try recorded.evidence()
    evidence.wire = []
    evidence.isOn = false
    let name = "<alias name='ua-pxe'/>"
    evidence.domain = try Domain(
      parsing: recorded.observation.domainXML.replacing(name, with: "<link state='down'/>\(name)"))
    let reasons = try #require(BootOrderTable(evidence).boots.last).attempts.suffix(2).map(\.reason)
    #expect(reasons[0].hasPrefix("its link is down; Not Found"))
    #expect(reasons[1].hasSuffix("the machine is off"))
  }

  /// A reset while the firmware waits: what came after it is not the first start's.
  @Test func theNextStartCutsAnAttemptOff() throws {
    let wire = try Recorded("devices-efi").observation.wire.filter { $0.kind == .dhcpDiscover }
    var reader = ConsoleReader()
    let times = [wire[0].time, wire[3].time]
    let console = times.flatMap {
      reader.read(Array(">>Start PXE over IPv4.\n".utf8), at: $0).events
    }
    let boots = BootRecorder.boots(
      console: console, wire: wire, starts: times.map { Timestamp(nanoseconds: $0.nanoseconds - 1) }
    )
    #expect(boots.map { $0.attempts.map(\.outcome) } == [[.failed], [.running]])
    #expect(
      boots.flatMap(\.attempts).map(\.reason) == [
        "no answer to 3 DISCOVERs; cut off by the next start", "no answer to 1 DISCOVER",
      ])
  }
}
