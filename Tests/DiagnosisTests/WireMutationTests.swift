import Foundation
import Mutations
import PXEWire
import Testing

@testable import Diagnosis

/// A short slice of what the fuzzers do (Fuzz/run), always the same: their corpus with changes.
@Suite("Hostile packets")
struct WireMutationTests {
  private static func seeds(_ folder: String) throws -> [[UInt8]] {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fuzz/corpus/\(folder)")
    let files = try FileManager.default.contentsOfDirectory(
      at: url, includingPropertiesForKeys: nil)
    return try files.sorted { $0.path < $1.path }.map { [UInt8](try Data(contentsOf: $0)) }
  }

  @Test("messages", arguments: ["dhcp", "dhcpv6", "tftp"])
  func messages(_ kind: String) throws {
    let seeds = try Self.seeds(kind)
    #expect(seeds.count >= 5)
    var changes = RepeatableNumbers(seed: 5)
    var decoded = 0
    for seed in seeds {
      for round in 0..<400 {
        let bytes = round == 0 ? seed : changes.changed(seed)
        switch kind {
        case "dhcp":
          guard let message = try? DHCPMessage(decoding: bytes[...]) else { continue }
          _ = (message.userClasses, message.ipxeOptions, message.clientMachineUUID)
          _ = (message.pxeOptions?.bootServers, message.pxeOptions?.bootMenu)
        case "dhcpv6":
          guard let message = try? DHCPv6Message(decoding: bytes[...]).innermost?.message
          else { continue }
          _ = (message.failure, message.vendorOptions, message.bootFileParameters)
        default:
          let frame = WireMutationTests.frame(bytes)
          guard let datagram = try Frame(decoding: frame).datagram,
            (try? TFTPMessage(decoding: datagram)) != nil
          else { continue }
        }
        decoded += 1
      }
    }
    #expect(decoded > seeds.count * 20)
  }

  @Test("whole captures, through the tracker")
  func captures() throws {
    let seeds = try Self.seeds("wire")
    #expect(seeds.count >= 5)
    var changes = RepeatableNumbers(seed: 7)
    var events = 0
    var networks = 0
    for seed in seeds {
      let frames = Self.frames(seed)
      for _ in 0..<15 {
        var follower = CaptureFollower()
        for (index, bytes) in frames.enumerated() {
          let bytes = Bool.random(using: &changes) ? bytes : changes.changed(bytes)
          guard let frame = try? Frame(decoding: bytes) else { continue }
          let time = Timestamp(seconds: Double(index) / 10)
          events += follower.take(frame, at: time, number: index + 1).count
        }
        events += follower.advance(to: Timestamp(seconds: 1000)).count
        networks += follower.tunnelled.count
        let clients = ([follower.tracker] + follower.tunnelled).flatMap(\.clients.values)
        #expect(clients.flatMap(\.transfers).allSatisfy { $0.bytes >= 0 })
      }
    }
    #expect(events > 1000)
    #expect(networks > 50)
  }

  private static func frame(_ payload: [UInt8]) -> [UInt8] {
    let length = payload.count + 8
    func big(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xff), UInt8(value & 0xff)] }
    return [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, 0x45, 0] + big(length + 20)
      + [0, 0, 0, 0, 64, 17, 0, 0, 192, 168, 100, 50, 192, 168, 100, 1, 8, 22, 0, 69]
      + big(length) + [0, 0] + payload
  }

  /// The frames of an input of the fuzzer Wire: two octets of length and one of time before each.
  private static func frames(_ input: [UInt8]) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var rest = input[...]
    while rest.count >= 3 {
      let length = Int(rest[rest.startIndex]) << 8 | Int(rest[rest.startIndex + 1])
      frames.append(Array(rest.dropFirst(3).prefix(length)))
      rest = rest.dropFirst(3 + length)
    }
    return frames
  }
}
