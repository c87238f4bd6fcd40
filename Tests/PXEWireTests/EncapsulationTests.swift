import Addresses
import Testing

@testable import PXEWire

/// What tunnels carry, and what only looks like one.
@Suite("Encapsulations")
struct EncapsulationTests {
  /// An ARP request from 02:00:00:00:00:0c, of which tunnels carry a copy.
  private static let arp: [UInt8] =
    [255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 12, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]
    + [2, 0, 0, 0, 0, 12, 192, 168, 1, 2, 0, 0, 0, 0, 0, 0, 192, 168, 1, 1]
  /// An IPv4 packet of an unassigned protocol.
  private static let packet: [UInt8] =
    [0x45, 0, 0, 24, 0, 1, 0, 0, 64, 253, 0, 0, 192, 168, 1, 2, 192, 168, 1, 1, 1, 2, 3, 4]

  private static func ip(_ number: UInt8, _ body: [UInt8]) -> [UInt8] {
    let length = 20 + body.count
    return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, 0x45, 0]
      + [UInt8(length >> 8), UInt8(length & 0xff), 0, 1, 0, 0, 64, number, 0, 0]
      + [10, 0, 0, 1, 10, 0, 0, 2] + body
  }

  private static func udp(_ port: UInt16, _ payload: [UInt8]) -> [UInt8] {
    let length = 8 + payload.count
    return ip(
      17,
      [0xc0, 0, UInt8(port >> 8), UInt8(port & 0xff), UInt8(length >> 8), UInt8(length & 0xff)]
        + [0, 0] + payload)
  }

  private static func mpls(_ bytes: [UInt8]) -> [UInt8] {
    [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0x47] + bytes
  }

  private static func encapsulation(_ bytes: [UInt8]) throws -> Encapsulation? {
    let frame = try Frame(decoding: bytes)
    if case .encapsulation(let found) = frame.payload { return found }
    switch frame.transport {
    case .encapsulation(let found): return found
    case .udp(let datagram):
      guard case .ipv4(let packet) = frame.payload else { return nil }
      return Encapsulation(
        datagram, from: .v4(packet.source), to: .v4(packet.destination))
    default: return nil
    }
  }

  private static let ends = ", 10.0.0.1 to 10.0.0.2"
  private static let erspan: [UInt8] = [0x10, 100, 0x18, 7, 0, 0, 0, 1]

  private static let carryingFrames: [(String, [UInt8])] = [
    ("VXLAN, VNI 42" + ends, udp(4789, [8, 0, 0, 0, 0, 0, 42, 0] + arp)),
    ("VXLAN, VNI 42" + ends, udp(8472, [8, 0, 0, 0, 0, 0, 42, 0] + arp)),
    // Group policy, and the protocol extension.
    ("VXLAN, VNI 42" + ends, udp(4789, [0x88, 0, 0, 9, 0, 0, 42, 0] + arp)),
    ("VXLAN, VNI 42" + ends, udp(4790, [0x0c, 0, 0, 3, 0, 0, 42, 0] + arp)),
    ("GENEVE, VNI 65536" + ends, udp(6081, [0, 0, 0x65, 0x58, 1, 0, 0, 0] + arp)),
    // One option of 8 bytes, which is critical.
    (
      "GENEVE, VNI 1" + ends,
      udp(6081, [2, 0x40, 0x65, 0x58, 0, 0, 1, 0, 1, 2, 0x80, 1, 0, 0, 0, 5] + arp)
    ),
    ("TZSP" + ends, udp(37008, [1, 0, 0, 1, 1] + arp)),
    ("TZSP" + ends, udp(37008, [1, 1, 0, 1, 0, 10, 2, 7, 7, 1] + arp)),
    ("GRE" + ends, ip(47, [0, 0, 0x65, 0x58] + arp)),
    ("GRE, key 42" + ends, ip(47, [0x20, 0, 0x65, 0x58, 0, 0, 0, 42] + arp)),
    // A checksum, a key and a sequence number.
    (
      "GRE, key 42" + ends,
      ip(47, [0xb0, 0, 0x65, 0x58, 1, 2, 0, 0, 0, 0, 0, 42, 0, 0, 0, 9] + arp)
    ),
    ("NVGRE, VSID 5001" + ends, ip(47, [0x20, 0, 0x65, 0x58, 0, 0x13, 0x89, 77] + arp)),
    ("ERSPAN type I" + ends, ip(47, [0, 0, 0x88, 0xbe] + arp)),
    (
      "ERSPAN type II, session 7" + ends,
      ip(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1] + erspan + arp)
    ),
    (
      "ERSPAN type III, session 7" + ends,
      ip(
        47, [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0] + arp)
    ),
    // With a subheader.
    (
      "ERSPAN type III, session 7" + ends,
      ip(
        47,
        [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1]
          + [1, 2, 3, 4, 5, 6, 7, 8] + arp)
    ),
    ("MPLS, label 1001", mpls([0, 0x3e, 0x91, 64] + arp)),
    ("MPLS, label 1001", mpls([0, 0x3e, 0x91, 64, 0, 0, 0, 5] + arp)),
    ("MPLS, labels 16, 1001", mpls([0, 1, 0, 64, 0, 0x3e, 0x91, 64, 0, 0, 0, 5] + arp)),
    // Addresses that begin as a control word, IPv4 and IPv6 do.
    ("MPLS, label 1001", mpls([0, 0x3e, 0x91, 64, 2] + arp.dropFirst())),
    ("MPLS, label 1001", mpls([0, 0x3e, 0x91, 64, 0x44] + arp.dropFirst())),
    ("MPLS, label 1001", mpls([0, 0x3e, 0x91, 64, 0x6c] + arp.dropFirst())),
  ]

  @Test(
    "an Ethernet frame inside",
    arguments: carryingFrames)
  func frames(_ name: String, _ bytes: [UInt8]) throws {
    let found = try #require(try Self.encapsulation(bytes))
    #expect("\(found.tunnel)" == name)
    let frame = try found.frame()
    #expect(frame.source == MACAddress(rawValue: 0x0200_0000_000c))
    guard case .arp(let packet) = frame.payload else {
      Issue.record("\(frame.payload)")
      return
    }
    #expect(packet.targetAddress == IPv4Address("192.168.1.1"))
  }

  private static let carryingPackets: [(String, [UInt8])] = [
    ("GRE" + ends, ip(47, [0, 0, 8, 0] + packet)),
    ("IP in IP" + ends, ip(4, packet)),
    ("VXLAN, VNI 42" + ends, udp(4790, [0x0c, 0, 0, 1, 0, 0, 42, 0] + packet)),
    ("GENEVE, VNI 42" + ends, udp(6081, [0, 0, 8, 0, 0, 0, 42, 0] + packet)),
    ("MPLS, label 1001", mpls([0, 0x3e, 0x91, 64] + packet)),
  ]

  @Test(
    "an IP packet inside",
    arguments: carryingPackets)
  func packets(_ name: String, _ bytes: [UInt8]) throws {
    let found = try #require(try Self.encapsulation(bytes))
    #expect("\(found.tunnel)" == name)
    let frame = try found.frame()
    #expect(frame.source.isUnspecified)
    guard case .ipv4(let packet) = frame.payload else {
      Issue.record("\(frame.payload)")
      return
    }
    #expect(packet.source == IPv4Address("192.168.1.2"))
  }

  private static let carryingNothing: [(String, [UInt8])] = [
    ("a block of TFTP to port 4789", udp(4789, [0, 3, 0, 1] + arp)),
    ("a block of TFTP to port 8472", udp(8472, [0, 3, 8, 0, 0, 0, 1, 0] + arp)),
    ("a block of TFTP to port 6081", udp(6081, [0, 3, 0, 1] + arp)),
    ("a block of TFTP to port 37008", udp(37008, [0, 3, 0, 1] + arp)),
    ("VXLAN without its flag", udp(4789, [0, 0, 0, 0, 0, 0, 42, 0] + arp)),
    ("VXLAN's header on another port", udp(4788, [8, 0, 0, 0, 0, 0, 42, 0] + arp)),
    ("VXLAN with another protocol", udp(4790, [0x0c, 0, 0, 4, 0, 0, 42, 0] + arp)),
    ("VXLAN, cut", udp(4789, [8, 0, 0, 0, 0, 0])),
    ("a control packet of GENEVE", udp(6081, [0, 0x80, 0x65, 0x58, 0, 0, 1, 0] + arp)),
    ("GENEVE with reserved bits", udp(6081, [0, 1, 0x65, 0x58, 0, 0, 1, 0] + arp)),
    ("GENEVE's options, cut", udp(6081, [0x3f, 0, 0x65, 0x58, 0, 0, 1, 0, 0, 0])),
    ("TZSP that keeps alive", udp(37008, [1, 4, 0, 1, 1])),
    ("TZSP of a radio", udp(37008, [1, 0, 0, 18, 1] + arp)),
    ("TZSP without an end", udp(37008, [1, 0, 0, 1, 0, 0, 0])),
    ("PPTP", ip(47, [0x30, 1, 0x88, 0x0b, 0, 4, 0, 1, 0, 0, 0, 1] + packet)),
    ("GRE with routing", ip(47, [0x40, 0, 0x65, 0x58, 0, 0, 0, 0] + arp)),
    ("GRE that keeps alive", ip(47, [0, 0, 0, 0])),
    ("GRE, cut", ip(47, [0x20, 0, 0x65])),
    ("ERSPAN of no version", ip(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x30, 0, 0, 7, 0, 0, 0, 0])),
    ("a pseudowire's channel", mpls([0, 0x3e, 0x91, 64, 0x10, 0, 0, 0x21] + packet)),
    ("labels without an end", mpls([0, 0x3e, 0x90, 64, 0, 0x3e, 0x90])),
    ("nothing behind the labels", mpls([0, 0x3e, 0x91, 64])),
  ]

  @Test(
    "what is no tunnel, or carries nothing",
    arguments: carryingNothing)
  func none(_ what: String, _ bytes: [UInt8]) throws {
    #expect(try Self.encapsulation(bytes) == nil, "\(what)")
  }

  @Test("a mirror that took the tag off tells the VLAN, unless the frame has one")
  func strippedTag() throws {
    let header: [UInt8] = [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1]
    for (flags, vlan) in [(UInt8(0x10), UInt16(100)), (0x00, nil), (0x18, nil)]
      as [(UInt8, UInt16?)]
    {
      let bytes = Self.ip(47, header + [0x10, 100, flags, 7, 0, 0, 0, 1] + Self.arp)
      let frame = try #require(try Self.encapsulation(bytes)).frame()
      #expect(frame.vlan?.rawValue == vlan)
    }
  }

  @Test("labels within labels without end take no longer than their bytes")
  func nestedLabels() throws {
    // A frame of MPLS at each place where one is looked for.
    var bytes: [UInt8] = []
    while bytes.count < 9000 { bytes += [0, 0, 0x01, 0x47, 0x88, 0x47, 0x88, 0x47] }
    #expect(try Self.encapsulation(Self.mpls(bytes)) != nil)
  }

  @Test(
    "one network whichever way, and others",
    arguments: [
      (udp(4789, [8, 0, 0, 0, 0, 0, 42, 0]), udp(8472, [8, 0, 0, 0, 0, 0, 42, 0]), true),
      (udp(4789, [8, 0, 0, 0, 0, 0, 42, 0]), udp(4789, [8, 0, 0, 0, 0, 0, 43, 0]), false),
      (udp(4789, [8, 0, 0, 0, 0, 0, 42, 0]), udp(6081, [0, 0, 0x65, 0x58, 0, 0, 42, 0]), false),
      (mpls([0, 0x3e, 0x91, 64] + arp), mpls([0, 0x7d, 0x51, 64] + arp), true),
      (
        ip(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 7, 0, 0, 0, 0]),
        ip(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 8, 0, 0, 0, 0]), true
      ),
    ])
  func networks(_ one: [UInt8], _ other: [UInt8], isSame: Bool) throws {
    let first = try #require(try Self.encapsulation(one)).tunnel
    let second = try #require(try Self.encapsulation(other)).tunnel
    #expect((first.network == second.network) == isSame)
    #expect(first.network == first.reversed.network)
  }
}
