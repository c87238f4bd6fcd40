import CaptureFile
import PXEWire
import Testing

/// Files that hold packets, of which none can be read.
@Suite("Captures without a readable packet")
struct UnreadableCaptureTests {
  @Test(
    "the reason names the link type",
    arguments: [
      ("ieee80211.pcap", "IEEE 802.11 (LINKTYPE_IEEE802_11)"), ("ppp.pcap", "PPP (LINKTYPE_PPP)"),
    ])
  func linkTypes(_ file: String, _ words: String) throws {
    var reader = try Fixture.reader(file)
    #expect(try Packet.all(&reader).isEmpty)
    #expect(reader.reasonForNothing?.contains(words) == true)
    #expect(reader.reasonForNothing?.contains("none of the \(reader.packets) packets") == true)
  }

  /// A pcap file with this link type and a packet of zeros, or a part of one.
  private static func file(_ linkType: UInt8, _ high: UInt8 = 0, bytes: Int = 16 + 20) -> [UInt8] {
    let header: [UInt8] = [
      0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, linkType, high, 0, 0,
    ]
    let record = [UInt8](repeating: 0, count: 8) + [20, 0, 0, 0, 60, 0, 0, 0]
    return header + (record + [UInt8](repeating: 0, count: 20)).prefix(bytes)
  }

  @Test(
    "link types that captures come with, by their names",
    arguments: [
      (UInt16(9), "LINKTYPE_PPP"), (105, "LINKTYPE_IEEE802_11"), (119, "LINKTYPE_IEEE802_11_PRISM"),
      (127, "LINKTYPE_IEEE802_11_RADIOTAP"), (149, "LINKTYPE_USER2"), (192, "LINKTYPE_PPI"),
      (239, "LINKTYPE_NFLOG"), (258, "LINKTYPE_PKTAP"), (189, "LINKTYPE_USB_LINUX"),
      (227, "LINKTYPE_CAN_SOCKETCAN"), (253, "LINKTYPE_NETLINK"), (51, "LINKTYPE_PPP_ETHER"),
      (4000, "4000"),
    ])
  func names(_ number: UInt16, _ name: String) throws {
    var reader = try Fixture.reader(of: Self.file(UInt8(number & 0xff), UInt8(number >> 8)))
    #expect(try Packet.all(&reader).isEmpty)
    #expect(reader.reasonForNothing?.contains(name) == true, "\(reader.reasonForNothing ?? "")")
  }

  @Test("what ends within the first packet, or before it")
  func cut() throws {
    var cut = try Fixture.reader(of: Self.file(1, bytes: 30))
    #expect(try Packet.all(&cut).isEmpty)
    #expect(cut.reasonForNothing?.contains("within packet 1, at byte 24") == true)
    var empty = try Fixture.reader(of: Self.file(1, bytes: 0))
    #expect(try Packet.all(&empty).isEmpty)
    #expect(empty.reasonForNothing == nil)
  }

  @Test("packets that are cut too short name the snapshot length")
  func short() throws {
    var reader = try Fixture.reader(of: Self.file(1))
    #expect(try Packet.all(&reader).count == 1)
    #expect(reader.reasonForNothing?.contains("snapshot length 262144") == true)
  }
}
