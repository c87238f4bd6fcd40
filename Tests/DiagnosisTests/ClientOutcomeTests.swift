import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// How a client's boot ended: no clean bill without a proof.
@Suite("Outcomes of clients")
struct ClientOutcomeTests {
  /// The findings that this suite shows, and the healthy neighbours of.
  static let covered: Set = ["PXL096", "PXL097"]

  /// A scene with the outcome of its one client.
  struct Ending: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let outcome: ClientOutcome?
    /// Words of the proof, or of the first finding's title.
    let words: String
    /// The severity of the first finding; `nil` where there must be none above info.
    let severity: Finding.Severity?
    let play: @Sendable (inout Scene) -> Void

    init(
      _ name: String, _ outcome: ClientOutcome?, _ words: String = "",
      _ severity: Finding.Severity? = nil, play: @escaping @Sendable (inout Scene) -> Void
    ) {
      testDescription = name
      self.outcome = outcome
      self.words = words
      self.severity = severity
      self.play = play
    }
  }

  static let endings: [Ending] = [
    Ending("a program that needs nothing more", .booted, "last block of hello.efi") {
      $0.boot("hello.efi")
      $0.noise(after: 60)
    },
    Ending("a system that asks for an address", .booted, "a system asked for an address after") {
      $0.boot("grubx64.efi")
      $0.load("vmlinuz", port: 2002)
      $0.wait(5)
      $0.lease(xid: 9, file: nil, architecture: nil, vendor: nil)
    },
    Ending("a file of which everything but the answers was captured", .unknown, "", nil) {
      $0.lease(file: "hello.efi")
      $0.keepsServer = false
      $0.get("hello.efi", port: 2001)
      $0.noise(after: 60)
    },
    Ending(
      "it takes its lease and does nothing", .unknown, "the ACK of 192.168.100.1, 60.0 s", .error
    ) {
      $0.arp($0.server)
      $0.lease(file: "hello.efi")
      $0.noise(after: 60)
    },
    Ending(
      "it takes its lease, and the capture ends", .unknown, "the ACK of 192.168.100.1", .warning
    ) {
      $0.arp($0.server)
      $0.lease(file: "hello.efi")
      $0.noise(after: 1)
    },
    Ending(
      "it asks once and never again", .failed, "no server answers there", .error
    ) {
      $0.ask(1)
      $0.noise(after: 60)
    },
    Ending("it asked a second ago", .unknown, "its last act was the DISCOVER, 1 s", .warning) {
      $0.ask(1)
      $0.noise(after: 1)
    },
    Ending("it booted, and its next boot is under way", .booted, "last block of hello.efi") {
      $0.boot("hello.efi")
      $0.wait(60)
      $0.ask(1, xid: 77)
      $0.noise(after: 1)
    },
    Ending("only DHCP was captured", .unknown, "", nil) {
      $0.lease(file: "hello.efi")
    },
    Ending("a file is refused", .failed, "no file boot.efi", .error) {
      $0.lease(file: "boot.efi")
      $0.get("boot.efi", port: 2001)
      $0.refuse(1, "File not found", port: 2001)
      $0.noise(after: 60)
    },
    Ending("an operating system", nil) {
      $0.lease(file: nil, architecture: nil, vendor: "MSFT 5.0")
      $0.noise(after: 60)
    },
  ]

  @Test("each client that asked ends in one of three ways", arguments: endings)
  func outcome(_ ending: Ending) throws {
    var scene = Scene()
    ending.play(&scene)
    let report = scene.report()
    let client = try #require(report.clients.first { $0.mac.rawValue == scene.client })
    let found = report.findings.map { "\($0.id) \($0.severity) \($0.title)" }
    #expect(client.outcome == ending.outcome, "\(found)")
    #expect((client.proof != nil) == (client.outcome == .booted))
    #expect(report.hasFailures == (ending.outcome == .failed || ending.outcome == .unknown))
    let first = report.findings.first { $0.severity > .info }
    #expect(first?.severity == ending.severity, "\(found)")
    let text = client.proof ?? first?.title ?? ""
    #expect(text.contains(ending.words) || ending.words.isEmpty, "\(text)")
  }

  /// Rounds of a firmware: the first is over, the second begins after a while.
  @Test(
    "what a finished round proved stays proved, and only success lifts it",
    arguments: [(false, "PXL004"), (true, nil)] as [(Bool, String?)])
  func rounds(_ succeeds: Bool, _ expected: String?) {
    var scene = Scene()
    for second in [4.0, 8, 16, 31] {
      scene.ask(1, xid: 1)
      scene.answer(2, xid: 1)
      scene.wait(second)
    }
    scene.wait(28)
    if succeeds {
      scene.boot("hello.efi")
    } else {
      scene.ask(1, xid: 2)
      scene.answer(2, xid: 2)
    }
    let report = scene.report()
    let serious = report.findings.filter { $0.severity > .info }
    #expect(serious.first?.id == expected, "\(report.findings)")
    #expect(report.hasFailures == (expected != nil))
  }

  @Test("a client that was answered and began anew has given up, whatever it does now")
  func beginsAnew() throws {
    var scene = Scene()
    scene.arp(scene.server)
    scene.lease(xid: 1, file: "hello.efi")
    scene.wait(20)
    scene.ask(1, xid: 2)
    scene.noise(after: 1)
    let finding = try #require(scene.report().findings.first)
    #expect(finding.id == "PXL097" && finding.severity == .error, "\(finding)")
    #expect(finding.title.contains("the ACK of 192.168.100.1, and 20.0 s later its firmware began"))
  }

  @Test("the firmware's own error proves that the boot failed, unless something got further")
  func console() throws {
    func report(_ console: String) -> DiagnosisReport {
      var scene = Scene()
      scene.boot("hello.efi")
      scene.noise(after: 5)
      var reader = ConsoleReader()
      let time = Timestamp(seconds: 60)
      let events = reader.read(console.utf8, at: time).events + reader.finish(at: time).events
      return scene.report(
        knowledge: Knowledge(machines: [MACAddress(rawValue: scene.client): .init(console: events)])
      )
    }
    let failed = report("  PXE-E18: Server response timeout.\r\n")
    let finding = try #require(failed.findings.first)
    #expect(finding.id == "PXL096" && finding.severity == .error)
    #expect(finding.title.contains("PXE-E18"))
    #expect(failed.clients.first?.outcome == .failed)
    let booted = report(
      "  PXE-E16: No offer received.\r\n  NBP file downloaded successfully.\r\n"
        + "BdsDxe: starting Boot0001 \"UEFI PXEv4\" from MAC(DE00000000DE,0x1)\r\n")
    #expect(!booted.hasFailures, "\(booted.findings)")
    #expect(booted.clients.first?.outcome == .booted)
  }
}
