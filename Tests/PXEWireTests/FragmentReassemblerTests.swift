import Addresses
import Testing

@testable import PXEWire

@Suite("Fragments")
struct FragmentReassemblerTests {
  private static func time(_ seconds: Double) -> Timestamp { Timestamp(seconds: seconds) }

  /// A frame with a fragment of a datagram of 40 bytes from port 49152 to port 2070.
  private static func fragment(
    _ offset: Int, _ count: Int, more: Bool, identification: UInt16 = 7
  ) throws -> FragmentReassembler.Fragment {
    var datagram: [UInt8] = [0xc0, 0x00, 0x08, 0x16, 0, 40, 0, 0]
    datagram += (0..<32).map { UInt8($0) }
    let total = UInt8(20 + count)
    let field = UInt16(offset / 8) | (more ? 0x2000 : 0)
    var bytes: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00]
    bytes += [0x45, 0, 0, total, UInt8(identification >> 8), UInt8(identification & 0xff)]
    bytes += [UInt8(field >> 8), UInt8(field & 0xff), 64, 17, 0, 0]
    bytes += [192, 168, 100, 1, 192, 168, 100, 50]
    bytes += (offset..<offset + count).map { $0 < datagram.count ? datagram[$0] : 0 }
    guard case .ipv4(let packet) = try Frame(decoding: bytes).payload else {
      throw WireError.malformed(layer: .ipv4, reason: "no packet")
    }
    return try #require(FragmentReassembler.Fragment(packet, vlan: nil))
  }

  @Test(
    "in any order, with copies", arguments: [[0, 1, 2], [2, 1, 0], [1, 1, 0, 0, 2], [2, 0, 1]])
  func orders(_ order: [Int]) throws {
    let parts = [(0, 16, true), (16, 16, true), (32, 8, false)]
    var reassembler = FragmentReassembler()
    for (position, index) in order.enumerated() {
      let (offset, count, more) = parts[index]
      let outcome = reassembler.take(
        try Self.fragment(offset, count, more: more), at: Self.time(1), frame: position + 1)
      guard position == order.count - 1 else {
        guard case .pending = outcome else {
          Issue.record("\(outcome)")
          return
        }
        continue
      }
      guard case .whole(.udp(let datagram), let fragments) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(fragments == 3)
      #expect(datagram.destinationPort == 2070)
      #expect(datagram.payload.elementsEqual((0..<32).map { UInt8($0) }))
      #expect(datagram.checksum == .absent)
    }
  }

  @Test(
    "what overlaps, or goes on after its end, is refused, and so is what follows",
    arguments: [(8, 16, true), (40, 8, false), (0, 8, true)])
  func overlap(_ offset: Int, _ count: Int, _ more: Bool) throws {
    var reassembler = FragmentReassembler()
    _ = reassembler.take(try Self.fragment(0, 16, more: true), at: Self.time(1), frame: 1)
    _ = reassembler.take(try Self.fragment(32, 8, more: false), at: Self.time(1), frame: 2)
    let outcome = reassembler.take(
      try Self.fragment(offset, count, more: more), at: Self.time(1), frame: 3)
    guard case .overlapping(let refused) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(refused.reason == .overlap)
    let last = reassembler.take(try Self.fragment(16, 16, more: true), at: Self.time(1), frame: 4)
    guard case .pending = last else {
      Issue.record("\(last)")
      return
    }
  }

  @Test("what does not become whole is given up in time")
  func timeout() throws {
    var reassembler = FragmentReassembler(timeLimit: 3)
    _ = reassembler.take(try Self.fragment(0, 16, more: true), at: Self.time(1), frame: 9)
    #expect(reassembler.expired(at: Self.time(3.9)).isEmpty)
    let expired = reassembler.expired(at: Self.time(4.1))
    #expect(expired.map(\.reason) == [.timeout])
    #expect(expired.map(\.bytes) == [16])
    #expect(expired.map(\.frame) == [9])
    #expect(reassembler.expired(at: Self.time(9)).isEmpty)
  }

  @Test("a flood of first fragments holds no more than it may")
  func flood() throws {
    var reassembler = FragmentReassembler(capacity: 8)
    for identification in UInt16(0)..<5000 {
      _ = reassembler.take(
        try Self.fragment(0, 16, more: true, identification: identification), at: Self.time(1),
        frame: Int(identification))
    }
    let dropped = reassembler.expired(at: Self.time(1))
    #expect(dropped.count == 256)
    #expect(dropped.allSatisfy { $0.reason == .overflow })
    // The last are still there.
    let outcome = reassembler.take(
      try Self.fragment(16, 24, more: false, identification: 4999), at: Self.time(1), frame: 1)
    guard case .whole = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }
}
