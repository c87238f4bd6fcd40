import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Testing

@testable import ImageStore

/// The probe's shell functions under the busybox that runs them in the guest.
@Suite struct ProbeTests {
  private let probe =
    Files.parent(of: Files.parent(of: Files.parent(of: #filePath))) + "/images/probe"

  private func shell(_ script: String, _ arguments: [String] = []) async throws -> String {
    try await SubprocessRunner().run(
      Command("busybox", ["sh", "-c", script, "sh"] + arguments, environment: ["LC_ALL": "C"]))
  }

  @Test(arguments: [
    "", "plain", "two words", #"say "hi""#, #"back\slash"#, #"both \" of them"#, "tab\there",
    "line\nbreak", "\u{1b}[0m", "\u{7f}", "größe 日本 😀", "$HOME `id` %s", "'",
  ])
  func textBecomesAJSONString(_ text: String) async throws {
    let json = try await shell(
      ". \(probe)/json.sh; json_text \"$1\"; printf %s \"$json\"", [text])
    #expect(try JSONDecoder().decode(String.self, from: Data(json.utf8)) == text)
  }

  @Test(arguments: [
    (#"\377"#, "\u{fffd}"), (#"a\303"#, "a\u{fffd}"), (#"\300\200b"#, "\u{fffd}\u{fffd}b"),
    (#"\355\240\200"#, "\u{fffd}\u{fffd}\u{fffd}"), (#"\303\266\200"#, "ö\u{fffd}"),
  ])
  func bytesThatAreNotUTF8AreReplaced(_ escaped: String, _ expected: String) async throws {
    let json = try await shell(
      ". \(probe)/json.sh; json_text \"$(printf '\(escaped)')\"; printf %s \"$json\"")
    #expect(try JSONDecoder().decode(String.self, from: Data(json.utf8)) == expected)
  }

  private struct Report: Decodable, Equatable {
    struct NIC: Decodable, Equatable {
      var name: String
      var mac: String
      var state: String
      var carrier: Bool?
      var driver: String?
      var addresses: [String]
      var pci: String?
    }
    var version: Int
    var secureBoot: Bool?
    var setupMode: Bool?
    var lockdown: String?
    var bootCurrent: String?
    var bootOrder: [String]
    var bootEntries: [String: String]
    var cmdline: String
    var kernel: String
    var nics: [NIC]
  }

  private func report(of folder: TemporaryFolder, cmdline: String) async throws -> Report {
    let script = """
      SYS=$1/sys PROC=$1/proc cmdline=$2
      . \(probe)/json.sh; . \(probe)/firmware.sh; . \(probe)/network.sh
      read_firmware; report
      """
    let text = try await shell(script, [folder.path, cmdline])
    return try JSONDecoder().decode(Report.self, from: Data(text.utf8))
  }

  private func guest() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(Array("6.1.0-56-cloud-amd64\n".utf8), to: "proc/sys/kernel/osrelease")
    let device = "sys/devices/pci0000:00/0000:00:02.1/0000:02:00.0/virtio1"
    for (file, text) in [("address", "de:00:00:00:00:de"), ("flags", "0x1002")] {
      try folder.write(Array("\(text)\n".utf8), to: "\(device)/net/eth\"1/\(file)")
    }
    try folder.write([], to: "sys/bus/virtio/drivers/virtio_net/bind")
    try Files.link(
      "\(folder.path)/\(device)/driver", to: "\(folder.path)/sys/bus/virtio/drivers/virtio_net")
    try Files.link("\(folder.path)/\(device)/net/eth\"1/device", to: "\(folder.path)/\(device)")
    try Files.makeFolder("\(folder.path)/sys/class/net")
    try Files.link("\(folder.path)/sys/class/net/eth\"1", to: "\(folder.path)/\(device)/net/eth\"1")
    try folder.write(Array("6\n".utf8), to: "sys/class/net/lo/flags")
    return folder
  }

  @Test func reportsTheFirmwaresVariables() async throws {
    let folder = try guest()
    let variables = try JSONDecoder().decode(
      [String: String].self, from: try Files.read(Fixtures.path("efi-variables.json")))
    for (name, hex) in variables {
      try folder.write(
        bytes(hex),
        to: "sys/firmware/efi/efivars/\(name)-8be4df61-93ca-11d2-aa0d-00e098032b8c")
    }
    try folder.write(
      Array("none [integrity] confidentiality\n".utf8), to: "sys/kernel/security/lockdown")
    let report = try await report(of: folder, cmdline: #"console=ttyS0 odd="a\b""#)
    #expect(report.version == 1)
    #expect(report.secureBoot == true)
    #expect(report.setupMode == false)
    #expect(report.lockdown == "integrity")
    #expect(report.bootCurrent == "0002")
    #expect(report.bootOrder == ["0002", "0003", "0004", "0005", "0001", "0000", "0006"])
    let entries = variables.filter { $0.key.wholeMatch(of: /Boot[0-9A-F]{4}/) != nil }
    #expect(
      report.bootEntries
        == Dictionary(
          uniqueKeysWithValues: entries.map { (String($0.dropFirst(4)), String($1.dropFirst(8))) }))
    #expect(report.cmdline == #"console=ttyS0 odd="a\b""#)
    #expect(report.kernel == "6.1.0-56-cloud-amd64")
    #expect(
      report.nics == [
        .init(
          name: "eth\"1", mac: "de:00:00:00:00:de", state: "down", carrier: nil,
          driver: "virtio_net", addresses: [], pci: "0000:02:00.0")
      ])
  }

  @Test func withoutUEFIAllOfThatIsNull() async throws {
    let report = try await report(of: try guest(), cmdline: "")
    #expect(report.secureBoot == nil)
    #expect(report.setupMode == nil)
    #expect(report.lockdown == nil)
    #expect(report.bootCurrent == nil)
    #expect(report.bootOrder.isEmpty)
    #expect(report.bootEntries.isEmpty)
    #expect(report.nics.count == 1)
  }

  @Test(arguments: [("0300", "0003"), ("1a00", "001A"), ("cdab", "ABCD")])
  func bootNumbersAreLittleEndianAndUpperCase(_ hex: String, _ number: String) async throws {
    let seen = try await shell(". \(probe)/firmware.sh; number_at $1; echo $number", [hex])
    #expect(seen == number + "\n")
  }

  @Test func theMACIsFoundInTheDevicePath() async throws {
    let variables = try JSONDecoder().decode(
      [String: String].self, from: try Files.read(Fixtures.path("efi-variables.json")))
    for (entry, mac) in [("Boot0002", "de:00:00:00:00:de\n"), ("Boot0001", "")] {
      let hex = try #require(variables[entry])
      let seen = try await shell(
        ". \(probe)/firmware.sh; boot_current_hex=$1; boot_mac_from_entry", [hex])
      #expect(seen == mac)
    }
  }

  private func bytes(_ hex: String) -> [UInt8] {
    stride(from: 0, to: hex.utf8.count, by: 2).compactMap { offset in
      UInt8(hex.dropFirst(offset).prefix(2), radix: 16)
    }
  }
}
