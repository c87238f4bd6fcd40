import Addresses
import Foundation
import PXEWire
import Testing

@testable import Diagnosis

/// A captured boot from the fixtures.
struct Capture {
  struct Packet {
    let number: Int
    let time: Timestamp
    let bytes: [UInt8]
  }

  static let mac = MACAddress(rawValue: 0xde00_0000_00de)
  static let server = IPv4Address(rawValue: 0xc0a8_6401)

  let packets: [Packet]
  let console: [UInt8]

  init(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    let rows = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [[Any]])
    packets = try rows.map { row in
      let hex = try #require(row[2] as? String)
      let bytes = try #require(Self.bytes(fromHex: hex))
      let seconds = try #require(row[1] as? NSNumber).doubleValue
      let number = try #require(row[0] as? NSNumber).intValue
      return Packet(number: number, time: Timestamp(seconds: seconds), bytes: bytes)
    }
    let consoleURL = Bundle.module.url(
      forResource: name, withExtension: "console", subdirectory: "Fixtures")
    console = try consoleURL.map { [UInt8](try Data(contentsOf: $0)) } ?? []
  }

  /// Bytes from hexadecimal digits; `nil` for anything else.
  static func bytes(fromHex hex: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hex.utf8.count / 2)
    var high: UInt8?
    for digit in hex.utf8 {
      let value: UInt8
      switch digit {
      case 0x30...0x39: value = digit - 0x30
      case 0x61...0x66: value = digit - 0x61 + 10
      default: return nil
      }
      if let first = high {
        bytes.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? bytes : nil
  }

  /// Follows the capture to its end, and for a while after it.
  func tracked(
    until count: Int? = nil, change: (Packet) -> [[UInt8]] = { [$0.bytes] }
  ) throws -> (tracker: WireTracker, events: [WireEvent]) {
    var tracker = WireTracker()
    var events: [WireEvent] = []
    var last = Timestamp(nanoseconds: 0)
    for packet in packets.prefix(count ?? packets.count) {
      for bytes in change(packet) {
        let frame = try Frame(decoding: bytes)
        events += tracker.observe(frame, at: packet.time, number: packet.number)
      }
      last = packet.time
    }
    events += tracker.advance(to: Timestamp(seconds: last.seconds + 30))
    return (tracker, events)
  }

  /// What the console says.
  func consoleEvents() -> [ConsoleEvent] {
    var reader = ConsoleReader()
    let time = Timestamp(seconds: 100)
    return reader.read(console, at: time).events + reader.finish(at: time).events
  }

  /// The evidence that the capture and its console give.
  func evidence(
    _ expectation: MachineExpectation = Capture.expectation(), until count: Int? = nil
  ) throws -> Evidence {
    let (tracker, events) = try tracked(until: count)
    return Evidence(
      expectation: expectation, trace: tracker.trace(of: expectation.mac),
      events: events.filter { $0.mac == expectation.mac }, console: consoleEvents())
  }

  static func expectation(_ change: (inout MachineExpectation) -> Void = { _ in })
    -> MachineExpectation
  {
    var expectation = MachineExpectation(
      name: "vmi-pxe-boot", mac: mac, interface: "pxe-net", vlan: VLANID(rawValue: 100),
      server: server, bootOrder: 1)
    change(&expectation)
    return expectation
  }
}
