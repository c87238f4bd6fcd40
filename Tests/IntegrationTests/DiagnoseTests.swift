import Foundation
import Testing

/// `pxelab diagnose` and `pxelab explain` as people, programs and CI systems see them.
@Suite(.timeLimit(.minutes(10))) struct DiagnoseTests {
  /// The folder of the corpus's captures, which come from the real programs.
  static let captures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Corpus/captures").path
  /// The folder of small files in every form.
  static let captureFiles = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("CaptureFileTests/Fixtures").path
  static let missing = "\(captures)/broken/shim-without-grub.pcap.gz"
  static let refused = "\(captures)/broken/secure-unsigned"

  private struct Report: Decodable {
    struct Client: Decodable {
      var mac: String
      var vlan: Int?
      var stage: String
    }

    struct Finding: Decodable {
      struct Item: Decodable {
        struct Packet: Decodable {
          var number: Int
          var time: Double
        }

        var text: String
        var packets: [Packet]?
      }

      var id: String
      var severity: String
      var mac: String?
      var title: String
      var evidence: [Item]
      var fix: String
    }

    struct Packets: Decodable {
      var read: Int
      var decoded: Int
      var malformed: Int
    }

    var clients: [Client]
    var findings: [Finding]
    var packets: Packets
  }

  @Test func jsonHasClientsFindingsAndPackets() async throws {
    try await Workspace.use { workspace in
      let outcome = try await workspace.run("diagnose", "--format", "json", Self.missing)
      #expect(outcome.status == 1)
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(report.clients.map(\.mac) == ["de:00:00:00:00:de"])
      #expect(report.clients.map(\.stage) == ["loader"])
      let finding = try #require(report.findings.first)
      #expect(finding.id == "PXL007" && finding.severity == "error")
      #expect(finding.evidence.first?.packets?.isEmpty == false)
      #expect(report.packets.read == report.packets.decoded + report.packets.malformed)
    }
  }

  @Test(
    "other formats name the finding",
    arguments: [("text", "PXL007 error"), ("github", "::error file="), ("junit", "failures=\"1\"")])
  func formats(_ format: String, _ words: String) async throws {
    try await Workspace.use { workspace in
      let outcome = try await workspace.run("diagnose", "--format", format, Self.missing)
      #expect(outcome.status == 1)
      #expect(outcome.output.contains(words), "\(outcome.output)")
    }
  }

  @Test func aHealthyCaptureExitsWithZero() async throws {
    try await Workspace.use { workspace in
      let outcome = try await workspace.run(
        "diagnose", "\(Self.captures)/healthy/udhcpc-udhcpd.pcap")
      #expect(outcome.status == 0)
      #expect(outcome.output.contains("no client looked for something to boot"))
    }
  }

  @Test func theConsoleSaysWhoRefused() async throws {
    try await Workspace.use { workspace in
      let outcome = try await workspace.run(
        "diagnose", "--console", "\(Self.refused).console", "\(Self.refused).pcap.gz")
      #expect(outcome.status == 1)
      #expect(outcome.output.contains("console: "), "\(outcome.output)")
    }
  }

  @Test(
    "what cannot be read is said, with the status 6",
    arguments: [
      ("nowhere.pcap", "No such file"), ("/", "Is a directory"), (#filePath, "not a capture"),
      ("\(captureFiles)/ieee80211.pcap", "LINKTYPE_IEEE802_11"),
      ("\(captureFiles)/ppp.pcap", "LINKTYPE_PPP"),
    ])
  func unreadable(_ path: String, _ words: String) async throws {
    try await Workspace.use { workspace in
      let outcome = try await workspace.run("diagnose", path)
      #expect(outcome.status == 6)
      #expect(outcome.errors.contains(words), "\(outcome.errors)")
      #expect(!outcome.output.contains("nothing kept"))
    }
  }

  @Test func explainPrintsThePageAndKnowsWhatWasMeant() async throws {
    try await Workspace.use { workspace in
      let page = try await workspace.run("explain", "pxl7")
      #expect(page.status == 0 && page.output.hasPrefix("# PXL007: "))
      let list = try await workspace.run("explain")
      #expect(list.output.contains("PXL017"))
      let unknown = try await workspace.run("explain", "PXL0777")
      #expect(unknown.status == 64)
      #expect(unknown.errors.contains("did you mean PXL077?"))
    }
  }
}
