import Addresses
import PXEWire
import Testing

@testable import Diagnosis

/// However many clients, exchanges and transfers a capture claims, the tracker holds so many.
@Suite("Wire tracker's bounds")
struct WireTrackerBoundsTests {
  private static let time = Timestamp(seconds: 1)

  private static func big(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
  }

  private static func datagram(
    source: Int, from port: UInt16, to destination: UInt16, identification: Int, _ payload: [UInt8]
  ) throws -> Frame {
    var bytes: [UInt8] = [2, 0, 0, 0, 0, 1] + big(source, 6) + [0x08, 0x00]
    bytes +=
      [0x45, 0] + big(28 + payload.count, 2) + big(identification, 2) + [0, 0, 64, 17, 0, 0]
    bytes += [192, 168, 100, 50, 192, 168, 100, 1]
    bytes += big(Int(port), 2) + big(Int(destination), 2) + big(8 + payload.count, 2) + [0, 0]
    return try Frame(decoding: bytes + payload)
  }

  private static func discover(_ mac: Int, xid: Int) -> [UInt8] {
    [1, 1, 6, 0] + big(xid, 4) + Array(repeating: 0, count: 20) + big(mac, 6)
      + Array(repeating: 0, count: 202) + [99, 130, 83, 99, 53, 1, 1, 255]
  }

  @Test("source addresses without end")
  func sources() throws {
    var tracker = WireTracker()
    for mac in 0..<Limits.idleClients + 100 {
      let bytes = [2, 0, 0, 0, 0, 1] + Self.big(0x0200_0000_0000 + mac, 6) + [0x88, 0xb5]
      _ = tracker.observe(try Frame(decoding: bytes), at: Self.time, number: mac)
    }
    #expect(tracker.clients.count == Limits.idleClients)
    #expect(tracker.untrackedFrames == 100)
    // Who asks for an address is followed all the same.
    let client = 0x0600_0000_0001
    let events = tracker.observe(
      try Self.datagram(
        source: client, from: 68, to: 67, identification: 1, Self.discover(client, xid: 1)),
      at: Self.time, number: 1)
    #expect(events.map(\.kind) == [.dhcpDiscover])
    #expect(tracker.trace(of: MACAddress(rawValue: UInt64(client)))?.exchanges.count == 1)
  }

  @Test("exchanges, messages and transfers of one client without end")
  func records() throws {
    var tracker = WireTracker()
    let client = 0x0600_0000_0001
    for index in 0..<Limits.exchanges + 10 {
      _ = tracker.observe(
        try Self.datagram(
          source: client, from: 68, to: 67, identification: index + 1,
          Self.discover(client, xid: index)),
        at: Timestamp(seconds: Double(index)), number: index)
    }
    for index in 0..<Limits.messages + 10 {
      _ = tracker.observe(
        try Self.datagram(
          source: client, from: 68, to: 67, identification: index + 1000,
          Self.discover(client, xid: 7)),
        at: Timestamp(seconds: Double(1000 + index)), number: index)
    }
    for index in 0..<Limits.transfers + 10 {
      let name = Array(repeating: UInt8(ascii: "a"), count: 1000)
      _ = tracker.observe(
        try Self.datagram(
          source: client, from: UInt16(2000 + index), to: 69, identification: index + 3000,
          [0, 1] + name + [0] + Array("octet".utf8) + [0]),
        at: Timestamp(seconds: Double(2000 + index)), number: index)
    }
    let trace = try #require(tracker.trace(of: MACAddress(rawValue: UInt64(client))))
    #expect(trace.exchanges.count == Limits.exchanges)
    #expect(trace.transfers.count == Limits.transfers)
    #expect(trace.omitted == 20)
    #expect(trace.exchanges[7].discovers == Limits.messages + 11)
    #expect(trace.exchanges[7].clientMessages.count == Limits.messages)
    #expect(trace.transfers.allSatisfy { $0.file.utf8.count < 600 })
  }

  @Test("bytes by sequence numbers: gaps, what fills them, and numbers that begin anew")
  func byteStream() {
    var stream = ByteStream()
    stream.begin(at: .max - 99)
    #expect(stream.take(.max - 99, length: 100).new == 100)
    #expect(stream.take(0, length: 50).isNext)
    #expect(stream.take(100, length: 100).new == 100)
    #expect(stream.gaps == [150..<200])
    #expect(stream.missing(in: 0..<300) == 50)
    #expect(stream.take(0, length: 50).new == 0)
    #expect(stream.take(40, length: 30).new == 20)
    #expect(stream.take(70, length: 200).new == 100)
    #expect(stream.missing(in: 0..<400) == 0)
    #expect(stream.end == 370)
  }

  @Test("blocks that a window lost and sent again are new once")
  func windows() throws {
    let packet = PacketReference(frame: 1, time: Self.time)
    var transfer = TFTPTransfer(
      request: try Self.request(), server: .v4(.any), client: .v4(.any), clientPort: 1, vlan: nil,
      packet: packet)
    for block: UInt16 in [1, 2, 4, 5, 8] {
      let isNew = transfer.take(block: block, count: 512, in: packet)
      #expect(isNew)
    }
    #expect(transfer.missedBlocks == 3)
    for (block, expected) in [(3, true), (4, false), (7, true), (6, true), (6, false)] {
      let isNew = transfer.take(block: UInt16(block), count: 512, in: packet)
      #expect(isNew == expected, "block \(block)")
    }
    #expect(transfer.missedBlocks == 0)
    #expect(transfer.bytes == 8 * 512)
    #expect(transfer.repeatedBlocks == 2)
  }

  private static func request() throws -> TFTPMessage.Request {
    let frame = try datagram(
      source: 1, from: 1, to: 69, identification: 1, [0, 1] + Array("a\0octet\0".utf8))
    guard let datagram = frame.datagram,
      case .readRequest(let request) = try TFTPMessage(decoding: datagram)
    else { throw WireError.malformed(layer: .tftp, reason: "no request") }
    return request
  }
}
