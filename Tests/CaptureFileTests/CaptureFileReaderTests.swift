import Addresses
import CaptureFile
import Foundation
import PXEWire
import Testing

@Suite("Capture files")
struct CaptureFileReaderTests {
  @Test(
    "what is read does not depend on the pieces in which it comes",
    arguments: [
      "nanoseconds.pcap", "sections.pcapng", "odd-blocks.pcapng", "ethernet.pcapng.gz",
    ], [1, 2, 3, 7, 1000])
  func pieces(file: String, size: Int) throws {
    var whole = try Fixture.reader(file)
    var inPieces = try Fixture.reader(file, pieces: size)
    #expect(try Packet.all(&whole) == Packet.all(&inPieces))
    #expect(whole.packets > 20)
    #expect(whole.packets == inPieces.packets)
  }

  @Test(
    "the same packets in either format, byte order, resolution and packing",
    arguments: [
      "big-endian-nanoseconds.pcap", "big-endian.pcapng", "comments.pcapng", "ethernet.pcapng",
      "ethernet.pcapng.gz", "nanoseconds.pcap.gz",
    ])
  func sameContent(file: String) throws {
    var reference = try Fixture.reader("nanoseconds.pcap")
    var other = try Fixture.reader(file)
    let expected = try Packet.all(&reference)
    let packets = try Packet.all(&other)
    #expect(packets.count == 23)
    #expect(packets.map(\.bytes) == expected.map(\.bytes))
    #expect(packets.map(\.time) == expected.map(\.time))
  }

  @Test(
    "every cut of a file gives the packets before it, and says so",
    arguments: [
      "microseconds.pcap", "big-endian.pcapng", "odd-blocks.pcapng", "nanoseconds.pcap.gz",
    ])
  func cuts(file: String) throws {
    let bytes = try Fixture.bytes(file)
    var whole = try Fixture.reader(of: bytes)
    let packets = try Packet.all(&whole)
    var most = 0
    for count in stride(from: 0, to: bytes.count, by: 13) {
      guard count > 4 else {
        let error = #expect(throws: CaptureFileError.self) {
          _ = try Fixture.reader(of: Array(bytes.prefix(count)))
        }
        #expect(error?.kind == .unsupported)
        continue
      }
      guard !file.hasSuffix("gz") || count > 200 else { continue }
      var reader = try Fixture.reader(of: Array(bytes.prefix(count)))
      let some = try Packet.all(&reader)
      #expect(some == Array(packets.prefix(some.count)))
      #expect(some.count >= most)
      most = some.count
      if let cut = reader.cut {
        #expect(cut.packets == reader.packets)
        #expect(cut.offset <= count || file.hasSuffix("gz"))
      } else {
        // Between two records a file may end.
        #expect(!file.hasSuffix("gz"))
      }
    }
    #expect(most >= packets.count - 1)
  }

  @Test("link types that are not decoded are passed over and counted")
  func skippedLinkTypes() throws {
    var reader = try Fixture.reader("several-interfaces.pcapng")
    let packets = try Packet.all(&reader)
    #expect(reader.skipped == [LinkType(rawValue: 9): 23])
    #expect(reader.skipped.keys.map(\.description) == ["PPP (LINKTYPE_PPP)"])
    #expect(Set(packets.map(\.linkType)) == [.ethernet, .null, .ipv4])
    #expect(packets.count + 23 == reader.packets)
    #expect(packets.map(\.number).max() ?? 0 <= reader.packets)
    #expect(reader.interfaces.count == 4)
    #expect(reader.format == .pcapng)
  }

  @Test("a section has interfaces of its own")
  func sections() throws {
    var reader = try Fixture.reader("sections.pcapng")
    let packets = try Packet.all(&reader)
    #expect(reader.interfaces.count == 5)
    #expect(packets.first?.interface == 0)
    #expect(Set(packets.dropFirst(23).map(\.interface)) == [1, 2, 4])
  }

  @Test("comments, interface names, drop counts, names of addresses")
  func notes() throws {
    var commented = try Fixture.reader("comments.pcapng")
    let packets = try Packet.all(&commented)
    #expect(packets[0].comments == ["the first"])
    #expect(packets[1].comments == [])
    #expect(packets[2].comments == ["the third, ä"])
    #expect(commented.comments == ["a capture"])
    var live = try Fixture.reader("dumpcap.pcapng")
    _ = try Packet.all(&live)
    #expect(live.interfaces.map(\.name) == ["near", "far"])
    #expect(live.interfaces.map(\.dropped) == [0, 0])
    #expect(live.interfaces.allSatisfy { ($0.received ?? 0) > 0 })
    var named = try Fixture.reader("names.pcapng")
    _ = try Packet.all(&named)
    #expect(named.names.contains(CaptureName(address: [192, 168, 100, 1], name: "server.example")))
  }

  @Test("times in binary, milli- and picoseconds, with an offset; none in a simple block")
  func resolutions() throws {
    var reader = try Fixture.reader("odd-blocks.pcapng")
    let times = try Packet.all(&reader).map(\.time.nanoseconds)
    #expect(times[0] == 0)
    #expect(times[1] == 1_700_000_000_000_976_562)
    #expect(times[2] == 1_700_000_000_002_000_000)
    #expect(times[3] == 1_700_000_000_123_456_789)
    #expect(times[4] == times[3])
  }

  @Test("cooked captures name the sender and broadcasts", arguments: ["sll.pcap", "sll2.pcap"])
  func cooked(file: String) throws {
    var reader = try Fixture.reader(file)
    var discovers: [Frame] = []
    while let record = try reader.next() {
      let frame = try record.frame()
      if let datagram = frame.datagram, datagram.destinationPort == 67 { discovers.append(frame) }
    }
    #expect(!discovers.isEmpty)
    #expect(discovers.contains { $0.source.description == "de:00:00:00:00:de" })
    // The tun device has no addresses.
    #expect(discovers.contains { $0.source.isUnspecified })
    #expect(discovers.contains { $0.destination == .broadcast })
    // libpcap 1.10 puts tags back only in the first version.
    #expect(discovers.contains { $0.vlan?.rawValue == 100 } == (file == "sll.pcap"))
  }

  @Test(
    "what is no capture is refused with what it is",
    arguments: [
      ("other.modpcap", "Kuznetzov"), ("other.snoop", "snoop"),
      ("other.netmon2", "Network Monitor"),
      ("README.md", "text file"),
    ])
  func refusals(file: String, word: String) throws {
    let error = try #require(throws: CaptureFileError.self) { _ = try Fixture.reader(file) }
    #expect(error.kind == .unsupported)
    #expect(error.description.contains(word))
    #expect(error.description.hasPrefix(file))
  }

  @Test(
    "bytes that say what packed them",
    arguments: [
      ([0x28, 0xb5, 0x2f, 0xfd], "zstd -dc"), ([0xfd, 0x37, 0x7a, 0x58], "xz -dc"),
      ([0x42, 0x5a, 0x68, 0x39], "bzip2 -dc"), ([0x50, 0x4b, 3, 4], "unzip"), ([], "is empty"),
      ([0xd4, 0xc3, 0xb2], "only 3 bytes"), ([0, 1, 2, 3], "neither pcap nor pcapng"),
    ] as [([UInt8], String)])
  func packed(bytes: [UInt8], word: String) {
    let error = #expect(throws: CaptureFileError.self) { _ = try Fixture.reader(of: bytes) }
    #expect(error?.reason.contains(word) == true)
  }

  @Test(
    "damage is told with its offset, after the packets before it",
    arguments: [
      // The high byte of the second packet's length.
      ("microseconds.pcap", 24 + 16 + 393 + 8 + 3, 0x7f, 1, 24 + 16 + 393, "a packet of 2130"),
      // The first block's length, and the last block's at its end.
      ("ethernet.pcapng", 4, 0x1d, 0, 0, "not possible"),
      ("ethernet.pcapng", -4, 0x08, 22, -1, "in front and"),
    ])
  func damage(
    file: String, place: Int, value: UInt8, packets: Int, offset: Int, word: String
  ) throws {
    var bytes = try Fixture.bytes(file)
    bytes[place < 0 ? bytes.count + place : place] = value
    var count = 0
    var failure: CaptureFileError?
    do {
      var reader = try Fixture.reader(of: bytes)
      while try reader.next() != nil { count += 1 }
    } catch {
      failure = error
    }
    #expect(failure?.kind == .damaged)
    #expect(count == packets)
    #expect(failure?.description.contains(word) == true)
    if offset >= 0 {
      #expect(failure?.description.contains("damaged at byte \(offset)") == true)
    }
  }

  @Test("a gzip file that is damaged within says so")
  func damagedGzip() throws {
    var bytes = try Fixture.bytes("nanoseconds.pcap.gz")
    bytes[1500] ^= 0xff
    bytes[1501] ^= 0xff
    let error = try #require(throws: CaptureFileError.self) {
      var reader = try Fixture.reader(of: bytes)
      _ = try Packet.all(&reader)
    }
    #expect(error.reason.contains("gzip file is damaged"))
  }

  @Test("a gzip file that is cut off before the capture begins says so")
  func shortGzip() throws {
    let bytes = try Fixture.bytes("nanoseconds.pcap.gz").prefix(12)
    let error = #expect(throws: CaptureFileError.self) { _ = try Fixture.reader(of: Array(bytes)) }
    #expect(error?.reason.contains("cut off") == true)
  }

  @Test("gzip members one after the other are one file")
  func gzipMembers() throws {
    let bytes = try Fixture.bytes("ethernet.pcapng.gz")
    var reader = try Fixture.reader(of: bytes + bytes)
    #expect(try Packet.all(&reader).count == 46)
  }
}
