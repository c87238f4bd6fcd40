import Addresses
import PXEWire
import Testing

@testable import Diagnosis

@Suite("The end of a boot")
struct BootEndTests {
  private static func event(
    _ kind: WireEvent.Kind, at seconds: Double, file: String? = nil
  ) -> WireEvent {
    WireEvent(
      kind: kind, time: Timestamp(seconds: seconds), frame: 1, mac: Capture.mac, vlan: nil,
      text: "",
      tftp: file.map {
        WireEvent.TFTPDetail(
          file: $0, server: .v4(.any), bytes: 0, size: nil, blockSize: 512, seconds: 0)
      })
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var events: [WireEvent]
    /// The number of the event with which the boot is over, from 1; 0 for none of them.
    var end: Int
  }

  static let cases: [Case] = [
    Case(
      testDescription: "the third question without an answer",
      events: [0, 4, 12, 28].map { event(.dhcpDiscover, at: $0) }, end: 3),
    Case(
      testDescription: "an offer that is not taken is no answer",
      events: [
        event(.dhcpDiscover, at: 0), event(.dhcpOffer, at: 0.1), event(.dhcpDiscover, at: 4),
        event(.dhcpOffer, at: 4.1), event(.dhcpDiscover, at: 12),
      ], end: 5),
    Case(
      testDescription: "one question, seen on three ports",
      events: [0, 0.001, 0.002, 4].map { event(.dhcpDiscover, at: $0) }, end: 0),
    Case(
      testDescription: "each question is answered",
      events: [0, 10, 20].flatMap {
        [event(.dhcpDiscover, at: $0), event(.dhcpAck, at: $0 + 5)]
      }, end: 0),
    Case(
      testDescription: "no answer over IPv6",
      events: [0, 1, 3].map { event(.dhcpv6Solicit, at: $0) }, end: 3),
    Case(
      testDescription: "a transfer stalls",
      events: [
        event(.tftpRequest, at: 0, file: "shimx64.efi"),
        event(.tftpStalled, at: 5, file: "shimx64.efi"),
      ], end: 2),
    Case(
      testDescription: "what need not be there stalls",
      events: [event(.tftpStalled, at: 5, file: "revocations.efi")], end: 0),
    Case(
      testDescription: "a file is refused",
      events: ["revocations.efi", "/grub/x86_64-efi/command.lst", "/grub/grub.cfg"].map {
        event(.tftpError, at: 0, file: $0)
      }, end: 3),
    Case(
      testDescription: "GRUB in want of its modules goes on to its prompt",
      events: [event(.tftpError, at: 0, file: "/grub/x86_64-efi/normal.mod")], end: 0),
    Case(
      testDescription: "one file is loaded again and again",
      events: [0, 5, 10].map { event(.tftpComplete, at: $0, file: "snponly.efi") }, end: 3),
    Case(
      testDescription: "a system restarts again and again",
      events: [0, 10, 20, 30].flatMap {
        [
          event(.tftpComplete, at: $0, file: "shimx64.efi"),
          event(.tftpComplete, at: $0 + 5, file: "kernel"),
        ]
      }, end: 7),
    Case(
      testDescription: "many files are loaded",
      events: ["a", "b", "c", "d"].map { event(.tftpComplete, at: 0, file: $0) }, end: 0),
  ]

  @Test("a boot that is to fail is over when it is certain to", arguments: cases)
  func wire(_ row: Case) {
    var end = BootEnd(mac: Capture.mac, entries: ["PXEv4"], isToFail: true)
    #expect((row.events.firstIndex { end.comes(with: $0) } ?? -1) + 1 == row.end)
    var patient = BootEnd(mac: Capture.mac, entries: ["PXEv4"])
    #expect(!row.events.contains { patient.comes(with: $0) })
  }

  @Test("shim refuses what it has loaded", arguments: [true, false])
  func refusal(_ isToFail: Bool) {
    var end = BootEnd(mac: Capture.mac, entries: ["PXEv4"], isToFail: isToFail)
    var reader = ConsoleReader()
    let line = "Verification failed: (0x1A) Security Violation\n"
    let events = reader.read(Array(line.utf8), at: Timestamp(seconds: 0)).events
    #expect(events.contains { end.comes(with: $0) } == isToFail)
  }

  @Test("the firmware has failed at each entry that the lab serves")
  func console() {
    var end = BootEnd(mac: Capture.mac, entries: ["PXEv4", "HTTPv4"])
    var reader = ConsoleReader()
    let lines = ["PXEv4", "PXEv6", "HTTPv4"].map {
      "BdsDxe: failed to load Boot0001 \"UEFI \($0) (MAC:DE00000000DE)\" from X: Not Found\n"
    }
    let ends = lines.map { line in
      reader.read(Array(line.utf8), at: Timestamp(seconds: 0)).events.contains {
        end.comes(with: $0)
      }
    }
    #expect(ends == [false, false, true])
  }
}
