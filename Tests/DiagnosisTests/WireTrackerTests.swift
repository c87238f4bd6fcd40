import Addresses
import Foundation
import PXEWire
import Testing

@testable import Diagnosis

@Suite("Wire tracker")
struct WireTrackerTests {
  @Test("a Secure Boot netboot in lines")
  func lines() throws {
    let (_, events) = try Capture("secureboot").tracked()
    let lines = events.filter { $0.isMilestone && $0.mac == Capture.mac }.map(\.text)
    #expect(
      lines.prefix(12) == [
        "DISCOVER vlan 100 arch 7 (x64 UEFI)",
        "OFFER 192.168.100.80 from 192.168.100.1, boot file shimx64.efi",
        "REQUEST 192.168.100.80 from 192.168.100.1",
        "ACK 192.168.100.80 from 192.168.100.1, boot file shimx64.efi",
        "TFTP shimx64.efi asked of 192.168.100.1",
        "TFTP shimx64.efi is 1.0 MB long, says the server",
        "TFTP shimx64.efi asked of 192.168.100.1",
        "TFTP shimx64.efi 1.0 MB in 0.29 s, blksize 1468",
        "TFTP revocations_sku.efi asked of 192.168.100.1",
        "TFTP revocations_sku.efi refused: error 1, file /srv/tftp/revocations_sku.efi not found "
          + "for 192.168.100.80 (optional, its absence is normal)",
        "TFTP revocations_sbat.efi asked of 192.168.100.1",
        "TFTP revocations_sbat.efi refused: error 1, file /srv/tftp/revocations_sbat.efi not "
          + "found for 192.168.100.80 (optional, its absence is normal)",
      ])
  }

  @Test("what a trace holds of it")
  func trace() throws {
    let (tracker, _) = try Capture("secureboot").tracked()
    let trace = try #require(tracker.trace(of: Capture.mac))
    #expect(trace.vlans == [VLANID(rawValue: 100)])
    #expect(trace.exchanges.count == 1)
    let exchange = try #require(trace.leased)
    #expect(exchange.architecture == .x64UEFI)
    #expect(exchange.acks.map(\.server) == [Capture.server])
    #expect(exchange.acks.first?.serverMAC == MACAddress("02:00:00:00:64:01"))
    #expect(exchange.acks.first?.address == IPv4Address("192.168.100.80"))
    #expect(!exchange.isIPXE)
    #expect(trace.bootFile == "shimx64.efi")

    let shim = try #require(trace.transfers(of: "shimx64.efi").first)
    #expect(shim.isWhole)
    #expect(shim.bytes == 1_048_504)
    #expect(shim.size == 1_048_504)
    #expect(shim.blocks == 715)
    #expect(shim.blockSize == 1468)
    #expect(shim.windowSize == 1)
    #expect(shim.repeatedBlocks == 0)
    #expect(trace.transfers.first?.state == .sizeOnly)

    // The fixture leaves blocks of GRUB out: the tracker must not call that whole.
    let grub = try #require(trace.transfers(of: "grubx64.efi").first)
    #expect(grub.state == .complete)
    #expect(grub.missedBlocks > 7000)
    #expect(!grub.isWhole)
    #expect(trace.unansweredARP.isEmpty)
  }

  @Test("progress says each percent once and ends at 100")
  func progress() throws {
    let (_, events) = try Capture("unsigned-nbp").tracked()
    let percents = events.filter { $0.kind == .tftpProgress }.compactMap { $0.tftp?.percent }
    #expect(percents == percents.sorted())
    #expect(Set(percents).count == percents.count)
    #expect(percents.last == 100)
    #expect(percents.count > 90)
  }

  @Test(
    "the same frame seen without and with its tag counts once, with its tag",
    arguments: [true, false])
  func echoes(taggedFirst: Bool) throws {
    let capture = try Capture("small-nbp")
    let (plain, plainEvents) = try capture.tracked()
    let (doubled, events) = try capture.tracked { packet in
      guard packet.bytes[16] == 0x08, packet.bytes[17] == 0x00 else { return [packet.bytes] }
      let untagged = Array(packet.bytes[..<12] + packet.bytes[16...])
      return taggedFirst ? [packet.bytes, untagged] : [untagged, packet.bytes]
    }
    let trace = try #require(doubled.trace(of: Capture.mac))
    #expect(events.map(\.kind) == plainEvents.map(\.kind))
    #expect(trace.vlans == [VLANID(rawValue: 100)])
    #expect(trace.frames == plain.trace(of: Capture.mac)?.frames)
    #expect(trace.transfers.map(\.vlan) == [VLANID(rawValue: 100), VLANID(rawValue: 100)])
    #expect(trace.transfers.last?.repeatedBlocks == 0)
    #expect(trace.transfers.last?.bytes == 20000)
  }

  @Test("a block that comes again is counted once")
  func repeats() throws {
    let (tracker, events) = try Capture("small-nbp").tracked { packet in
      guard packet.bytes.count == 64 else { return [packet.bytes] }
      // A retransmission is a packet of its own; the same one again is another sighting of it.
      var again = packet.bytes
      again[22] ^= 0x40
      return [packet.bytes, again, again]
    }
    let transfer = try #require(tracker.trace(of: Capture.mac)?.transfers.last)
    #expect(transfer.blocks == 14)
    #expect(transfer.repeatedBlocks == 14)
    #expect(transfer.isWhole)
    #expect(
      events.last { $0.kind == .tftpComplete }?.text.hasSuffix("14 blocks sent again") == true)
  }

  @Test("a transfer that stops is stalled, not whole")
  func stall() throws {
    let (tracker, events) = try Capture("small-nbp").tracked(until: 24)
    let trace = try #require(tracker.trace(of: Capture.mac))
    #expect(trace.transfers.last?.state == .running)
    let stalls = events.filter { $0.kind == .tftpStalled }
    #expect(stalls.count == 1)
    #expect(stalls.first?.text.hasPrefix("TFTP small.efi stalled at ") == true)
  }

  @Test("a server's absence shows in ARP")
  func arp() throws {
    // Without the server's ARP reply and all that followed it.
    let (tracker, events) = try Capture("small-nbp").tracked(until: 5)
    #expect(tracker.trace(of: Capture.mac)?.unansweredARP.map(\.address) == [Capture.server])
    #expect(events.filter { $0.kind == .arpUnanswered }.count == 1)
  }

  @Test("an address that DHCP did not name may go unanswered: a server probes before it offers")
  func arpProbe() throws {
    var swapped = try #require(try Capture("small-nbp").packets.first { $0.number == 19 }).bytes
    // The request asks for 192.168.100.99, which nobody was told of.
    swapped[18 + 27] = 99
    let (tracker, events) = try Capture("small-nbp").tracked(until: 5) { packet in
      packet.number == 19 ? [swapped] : [packet.bytes]
    }
    #expect(
      tracker.trace(of: Capture.mac)?.unansweredARP.map(\.address)
        == [IPv4Address(rawValue: 0xc0a8_6463)])
    #expect(!events.contains { $0.kind == .arpUnanswered })
  }

  @Test("a missing file, and what the option ROM does first")
  func others() throws {
    let (missing, _) = try Capture("missing-file").tracked()
    let transfer = try #require(missing.trace(of: Capture.mac)?.transfers.last)
    #expect(transfer.state == .failed)
    #expect(transfer.errorCode == .fileNotFound)

    let (rom, _) = try Capture("option-rom").tracked()
    let exchanges = try #require(rom.trace(of: Capture.mac)?.exchanges)
    #expect(exchanges.map(\.isIPXE) == [true, false])
    #expect(exchanges.first?.discovers == 2)
    #expect(exchanges.map(\.offers.count) == [2, 1])

    let (bios, _) = try Capture("bios").tracked()
    let trace = try #require(bios.trace(of: Capture.mac))
    #expect(trace.exchanges.map(\.architecture) == [.x86BIOS, .x86BIOS])
    #expect(trace.transfers(of: "undionly.kpxe").first?.isWhole == true)
  }

  @Test("block numbers roll over to 0, or with some servers to 1", arguments: [true, false])
  func rollover(toZero: Bool) throws {
    var transfer = try Self.transfer()
    let blocks = 70000
    var number: UInt16 = 0
    for _ in 0..<blocks {
      number = number &+ 1
      if number == 0, !toZero { number = 1 }
      let isNew = transfer.take(block: number, count: 512, in: Self.start)
      guard isNew else {
        Issue.record("block \(number) counts as repeated")
        return
      }
    }
    let lastIsNew = transfer.take(block: number &+ 1, count: 7, in: Self.start)
    #expect(lastIsNew)
    #expect(transfer.bytes == blocks * 512 + 7)
    #expect(transfer.missedBlocks == 0)
    let endsEarly = transfer.acknowledge(number, in: Self.start)
    #expect(!endsEarly)
    let ends = transfer.acknowledge(number &+ 1, in: Self.start)
    #expect(ends)
    #expect(transfer.isWhole)
  }

  private static let start = PacketReference(frame: 1, time: Timestamp(seconds: 0))

  private static func transfer() throws -> TFTPTransfer {
    let packet = try #require(
      Capture("small-nbp").packets.first {
        (try? Frame(decoding: $0.bytes).datagram?.destinationPort) == 69
      })
    let datagram = try #require(try Frame(decoding: packet.bytes).datagram)
    guard case .readRequest(let request) = try TFTPMessage(decoding: datagram) else {
      throw CocoaError(.fileReadCorruptFile)
    }
    return TFTPTransfer(
      request: request, server: .v4(Capture.server), client: .v4(.any), clientPort: 1, vlan: nil,
      packet: start)
  }
}
