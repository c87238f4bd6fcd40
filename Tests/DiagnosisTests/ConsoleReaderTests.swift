import Foundation
import PXEWire
import Testing

@testable import Diagnosis

@Suite("Console reader")
struct ConsoleReaderTests {
  private static let time = Timestamp(seconds: 1)

  private static func read(_ bytes: [UInt8], inPiecesOf size: Int) -> ConsoleReader.Output {
    var reader = ConsoleReader()
    var all = ConsoleReader.Output()
    for start in stride(from: 0, to: bytes.count, by: size) {
      let piece = bytes[start..<min(start + size, bytes.count)]
      let output = reader.read(piece, at: time)
      all.lines += output.lines
      all.events += output.events
    }
    let rest = reader.finish(at: time)
    all.lines += rest.lines
    all.events += rest.events
    return all
  }

  @Test(
    "what consoles of real boots say",
    arguments: [
      (
        "secureboot",
        [
          .startPXE, .stationAddress, .bootFile, .downloaded, .loadingEntry, .startingEntry, .shim,
          .grub, .grub, .grubPrompt,
        ]
      ),
      (
        "unsigned-nbp",
        [
          .startPXE, .stationAddress, .bootFile, .downloaded, .loadingEntry, .refused, .startPXE,
        ]
      ),
      (
        "missing-file",
        [.startPXE, .stationAddress, .bootFile, .pxeError, .entryFailed, .startPXE]
      ),
      ("wrong-vlan", [.startPXE]),
      (
        "option-rom",
        [
          .ipxe, .loaderError, .loaderError, .entryFailed, .startPXE, .stationAddress, .bootFile,
          .downloaded, .entryFailed, .startPXE,
        ]
      ),
    ] as [(String, [ConsoleEvent.Kind])])
  func kinds(_ name: String, _ expected: [ConsoleEvent.Kind]) throws {
    let console = try Capture(name).console
    for size in [1, 2, 7, 64, 4096] {
      let output = Self.read(console, inPiecesOf: size)
      #expect(output.events.map(\.kind) == expected, "pieces of \(size)")
      for line in output.lines {
        #expect(!line.unicodeScalars.contains { $0.value < 0x20 && $0 != "\t" })
      }
    }
  }

  @Test("the firmware's network boot is announced before its line ends")
  func early() {
    var reader = ConsoleReader()
    let output = reader.read(Array("\r\n>>Start PXE over IPv4.".utf8), at: Self.time)
    #expect(output.events.map(\.kind) == [.startPXE])
    #expect(reader.read(Array("\r\n".utf8), at: Self.time).events.isEmpty)
  }

  @Test("sequences and characters may be split anywhere")
  func split() {
    let text = "\u{1b}[01;01H\u{1b}[0m\u{1b}[37mgrün\u{1b}]0;title\u{7}er\u{1b}(B Text\r\n"
    for size in 1...8 {
      #expect(Self.read(Array(text.utf8), inPiecesOf: size).lines == ["grüner Text"])
    }
  }

  @Test("backspaces take back, and an unended sequence does not eat the next line")
  func oddities() {
    let text = "abc\u{8}\u{8}d\r\n\u{1b}[12;\nPXE-E18: x\n"
    let output = Self.read(Array(text.utf8), inPiecesOf: 3)
    #expect(output.lines == ["ad", "PXE-E18: x"])
    #expect(output.events.map(\.kind) == [.pxeError])
  }

  @Test("the probe's report")
  func report() throws {
    let json = """
      {"version":1,"secureBoot":true,"setupMode":false,"lockdown":"integrity",\
      "bootCurrent":"0003","bootOrder":["0003","0001"],"bootEntries":{"0003":"01000000"},\
      "cmdline":"console=ttyS0","kernel":"6.1.0-49-cloud-amd64","nics":[{"name":"eth0",\
      "mac":"de:00:00:00:00:de","state":"up","carrier":true,"driver":"virtio_net",\
      "addresses":["10.0.2.15/24"],"pci":"0000:01:00.0"}],"pod":{"interface":"eth0",\
      "gateway":"10.0.2.2","reachable":true}}
      """
    let line = "[    2.1] x PXELAB-REPORT \(json)\r\n"
    let event = try #require(Self.read(Array(line.utf8), inPiecesOf: 11).events.first)
    #expect(event.kind == .report)
    let report = try #require(event.report)
    #expect(report.secureBoot == true)
    #expect(report.isLockedDown == true)
    #expect(report.bootOrder == ["0003", "0001"])
    #expect(report.nics.map(\.mac) == [Capture.mac])
    #expect(report.pod?.reachable == true)
    let again = try JSONDecoder().decode(
      GuestReport.self, from: JSONEncoder().encode(report))
    #expect(again == report)
  }

  @Test("a report without EFI variables or pod network")
  func poorReport() throws {
    let line =
      #"PXELAB-REPORT {"version":1,"secureBoot":null,"lockdown":null,"nics":[],"pod":null}"#
    let report = try #require(Self.read(Array(line.utf8), inPiecesOf: 99).events.first?.report)
    #expect(report.secureBoot == nil)
    #expect(report.isLockedDown == nil)
    #expect(report.pod == nil)
  }

  @Test("a broken report says what is wrong with it")
  func brokenReport() {
    let line = #"PXELAB-REPORT {"version":1,"nics":[{"name":"eth0","mac":"de:00"}]}"# + "\n"
    let event = Self.read(Array(line.utf8), inPiecesOf: 99).events.first
    #expect(event?.kind == .reportUnreadable)
    #expect(event?.problem?.contains("not a MACAddress: de:00") == true)
  }
}
