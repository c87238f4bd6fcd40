import Addresses
import Testing

@testable import PXEWire

/// What tunnels carry, and what only looks like one.
@Suite("Encapsulations")
struct EncapsulationTests {
  /// A frame with a header of some tunnel, in hexadecimal digits, and what the tunnel carries.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]

    private init(_ name: String, _ bytes: [UInt8]) {
      testDescription = name
      self.bytes = bytes
    }

    static func udp(_ name: String, _ port: UInt16, _ header: String, _ inner: [UInt8]) -> Case {
      let payload = hex(header) + inner
      var datagram: [UInt8] = [0xc0, 0, UInt8(port >> 8), UInt8(port & 0xff)]
      datagram += [0, UInt8(8 + payload.count), 0, 0]
      return Case(name, packet(17, datagram + payload))
    }

    static func ip(_ name: String, _ number: UInt8, _ header: String, _ inner: [UInt8]) -> Case {
      Case(name, packet(number, hex(header) + inner))
    }

    static func mpls(_ name: String, _ header: String, _ inner: [UInt8]) -> Case {
      Case(name, hex("020000000001 020000000002 8847") + hex(header) + inner)
    }

    private static func packet(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
      var bytes = hex("020000000001 020000000002 0800 4500 00")
      bytes += [UInt8(20 + body.count), 0, 1, 0, 0, 64, number]
      return bytes + hex("0000 0a000001 0a000002") + body
    }
  }

  static func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  /// An ARP request of 02:00:00:00:00:0c.
  private static let arp = hex(
    "ffffffffffff 02000000000c 0806 0001080006040001 02000000000c c0a80102 000000000000 c0a80101")
  /// An IPv4 packet of an unassigned protocol.
  private static let packet = hex("45000018 00010000 40fd0000 c0a80102 c0a80101 01020304")

  /// The same request to an address with another first octet.
  private static func arp(to first: UInt8) -> [UInt8] { [first] + arp.dropFirst() }

  private static func encapsulation(_ bytes: [UInt8]) throws -> Encapsulation? {
    let frame = try Frame(decoding: bytes)
    if case .encapsulation(let found) = frame.payload { return found }
    switch frame.transport {
    case .encapsulation(let found): return found
    case .udp(let datagram):
      guard case .ipv4(let packet) = frame.payload else { return nil }
      return Encapsulation(datagram, from: .v4(packet.source), to: .v4(packet.destination))
    default: return nil
    }
  }

  private static let carryingFrames: [Case] = [
    .udp("VXLAN, VNI 42", 4789, "08000000 00002a00", arp),
    .udp("VXLAN, VNI 42", 8472, "08000000 00002a00", arp),
    // Group policy, and the protocol extension.
    .udp("VXLAN, VNI 42", 4789, "88000009 00002a00", arp),
    .udp("VXLAN, VNI 42", 4790, "0c000003 00002a00", arp),
    .udp("GENEVE, VNI 65536", 6081, "00006558 01000000", arp),
    // One option of 8 bytes, which is critical.
    .udp("GENEVE, VNI 1", 6081, "02406558 00000100 01028001 00000005", arp),
    .udp("TZSP", 37008, "01000001 01", arp),
    .udp("TZSP", 37008, "01010001 00 0a020707 01", arp),
    .ip("GRE", 47, "00006558", arp),
    .ip("GRE, key 42", 47, "20006558 0000002a", arp),
    // A checksum, a key and a sequence number.
    .ip("GRE, key 42", 47, "b0006558 01020000 0000002a 00000009", arp),
    .ip("NVGRE, VSID 5001", 47, "20006558 0013894d", arp),
    .ip("ERSPAN type I", 47, "000088be", arp),
    .ip("ERSPAN type II, session 7", 47, "100088be 00000001 10641807 00000001", arp),
    .ip("ERSPAN type III, session 7", 47, "100022eb 00000001 20000007 00000000 00000000", arp),
    // With a subheader.
    .ip(
      "ERSPAN type III, session 7", 47,
      "100022eb 00000001 20000007 00000000 00000001 0102030405060708", arp),
    .mpls("MPLS, label 1001", "003e9140", arp),
    .mpls("MPLS, label 1001", "003e9140 00000005", arp),
    .mpls("MPLS, labels 16, 1001", "00010040 003e9140 00000005", arp),
    // Addresses that begin as a control word, IPv4 and IPv6 do.
    .mpls("MPLS, label 1001", "003e9140", arp(to: 0x02)),
    .mpls("MPLS, label 1001", "003e9140", arp(to: 0x12)),
    .mpls("MPLS, label 1001", "003e9140", arp(to: 0x44)),
    .mpls("MPLS, label 1001", "003e9140", arp(to: 0x6c)),
  ]

  @Test("an Ethernet frame inside", arguments: carryingFrames)
  func frames(_ tunnel: Case) throws {
    let found = try #require(try Self.encapsulation(tunnel.bytes))
    #expect(found.tunnel.name == tunnel.testDescription)
    #expect(
      found.tunnel.ends.map { "\($0.source) \($0.destination)" } ?? "10.0.0.1 10.0.0.2"
        == "10.0.0.1 10.0.0.2")
    let frame = try found.frame()
    #expect(frame.source == MACAddress(rawValue: 0x0200_0000_000c))
    guard case .arp(let request) = frame.payload else {
      Issue.record("\(frame.payload)")
      return
    }
    #expect(request.targetAddress == IPv4Address("192.168.1.1"))
  }

  private static let carryingPackets: [Case] = [
    .ip("GRE", 47, "00000800", packet),
    .ip("IP in IP", 4, "", packet),
    .udp("VXLAN, VNI 42", 4790, "0c000001 00002a00", packet),
    .udp("GENEVE, VNI 42", 6081, "00000800 00002a00", packet),
    .mpls("MPLS, label 1001", "003e9140", packet),
  ]

  @Test("an IP packet inside", arguments: carryingPackets)
  func packets(_ tunnel: Case) throws {
    let found = try #require(try Self.encapsulation(tunnel.bytes))
    #expect(found.tunnel.name == tunnel.testDescription)
    let frame = try found.frame()
    #expect(frame.source.isUnspecified)
    guard case .ipv4(let packet) = frame.payload else {
      Issue.record("\(frame.payload)")
      return
    }
    #expect(packet.source == IPv4Address("192.168.1.2"))
  }

  private static let carryingNothing: [Case] = [
    .udp("a block of TFTP to port 4789", 4789, "00030001", arp),
    .udp("a block of TFTP to port 8472", 8472, "00030800 00000100", arp),
    .udp("a block of TFTP to port 6081", 6081, "00030001", arp),
    .udp("a block of TFTP to port 37008", 37008, "00030001", arp),
    .udp("VXLAN without its flag", 4789, "00000000 00002a00", arp),
    .udp("VXLAN's header on another port", 4788, "08000000 00002a00", arp),
    .udp("VXLAN with another protocol", 4790, "0c000004 00002a00", arp),
    .udp("VXLAN, cut", 4789, "08000000 0000", []),
    .udp("a control packet of GENEVE", 6081, "00806558 00000100", arp),
    .udp("GENEVE with reserved bits", 6081, "00016558 00000100", arp),
    .udp("GENEVE's options, cut", 6081, "3f006558 00000100 0000", []),
    .udp("TZSP that keeps alive", 37008, "01040001 01", []),
    .udp("TZSP of a radio", 37008, "01000012 01", arp),
    .udp("TZSP without an end", 37008, "01000001 000000", []),
    .ip("PPTP", 47, "3001880b 00040001 00000001", packet),
    .ip("GRE with routing", 47, "40006558 00000000", arp),
    .ip("GRE that keeps alive", 47, "00000000", []),
    .ip("GRE, cut", 47, "200065", []),
    .ip("ERSPAN of no version", 47, "100088be 00000001 30000007 00000000", arp),
    .mpls("a pseudowire's channel", "003e9140 10000021", packet),
    .mpls("labels without an end", "003e9040 003e90", []),
    .mpls("nothing behind the labels", "003e9140", []),
  ]

  @Test("what is no tunnel, or carries nothing", arguments: carryingNothing)
  func nothing(_ packet: Case) throws {
    #expect(try Self.encapsulation(packet.bytes) == nil)
  }

  @Test(
    "a mirror that took the tag off tells the VLAN, unless the frame has one",
    arguments: [("10641007", 100), ("10640007", nil), ("10641807", nil)] as [(String, UInt16?)])
  func strippedTag(_ header: String, _ vlan: UInt16?) throws {
    let mirrored = Case.ip("ERSPAN", 47, "100088be 00000001 \(header) 00000001", Self.arp)
    let frame = try #require(try Self.encapsulation(mirrored.bytes)).frame()
    #expect(frame.vlan?.rawValue == vlan)
  }

  @Test("labels within labels within a frame are looked at once")
  func nestedLabels() throws {
    var inner: [UInt8] = []
    while inner.count < 9000 { inner += Self.hex("00000147 88478847") }
    let found = try Self.encapsulation(Case.mpls("MPLS", "", inner).bytes)
    #expect(found?.tunnel.labels == [0])
  }

  private static let pairs: [(Case, Case, Bool)] = [
    (
      .udp("", 4789, "08000000 00002a00", []), .udp("", 8472, "08000000 00002a00", []), true
    ),
    (
      .udp("", 4789, "08000000 00002a00", []), .udp("", 4789, "08000000 00002b00", []), false
    ),
    (
      .udp("", 4789, "08000000 00002a00", []), .udp("", 6081, "00006558 00002a00", []), false
    ),
    // The two ways of a pseudowire, and the sessions of a mirror.
    (.mpls("", "003e9140", arp), .mpls("", "007d5140", arp), true),
    (
      .ip("", 47, "100088be 00000001 10000007 00000000", []),
      .ip("", 47, "100088be 00000001 10000008 00000000", []), true
    ),
  ]

  @Test("one network whichever way, and others", arguments: pairs)
  func networks(_ one: Case, _ other: Case, isSame: Bool) throws {
    let first = try #require(try Self.encapsulation(one.bytes)).tunnel
    let second = try #require(try Self.encapsulation(other.bytes)).tunnel
    #expect((first.network == second.network) == isSame)
    #expect(first.network == first.reversed.network)
  }
}
