import Foundation
import Testing

/// `pxelab diagnose` with several files.
@Suite struct SeveralCapturesTests {
  private struct Report: Decodable {
    var packets: Packets
    struct Packets: Decodable {
      var read: Int
      var decoded: Int
    }
  }

  private static func number(_ value: UInt32) -> [UInt8] {
    (0..<4).map { UInt8(value >> ($0 * 8) & 0xff) }
  }

  /// A frame that is no boot's: ARP for an address.
  private static let frame: [UInt8] =
    [
      255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0,
      1,
    ]
    + [10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2] + [UInt8](repeating: 0, count: 18)

  private static func block(_ type: UInt32, _ body: [UInt8]) -> [UInt8] {
    let length = number(UInt32(body.count + 12))
    return number(type) + length + body + length
  }

  /// A packet of a pcapng file's interface, microseconds after its beginning.
  private static func packet(_ interface: UInt32, at time: UInt32) -> [UInt8] {
    let length = number(UInt32(frame.count))
    return block(6, number(interface) + number(0) + number(time) + length + length + frame)
  }

  /// The packets of an interface that cannot be read count too, as in the file that mergecap makes.
  @Test func packetsThatAreNotReadCount() async throws {
    let folder = try TemporaryFolder()
    let names = ["a.pcapng", "b.pcapng"].map { "\(folder.path)/\($0)" }
    for (index, name) in names.enumerated() {
      var bytes = Self.block(
        0x0a0d_0d0a, Self.number(0x1a2b_3c4d) + [1, 0, 0, 0] + [UInt8](repeating: 255, count: 8))
      // Ethernet, and a link type of the user's own.
      for linkType in [UInt8(1), 147] {
        bytes += Self.block(1, [linkType, 0, 0, 0] + Self.number(0))
      }
      let begin = UInt32(index * 1_000_000)
      for (offset, interface) in [1, 0, 1].enumerated() {
        bytes += Self.packet(UInt32(interface), at: begin + UInt32(offset) * 200_000)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: name))
    }
    let outcome = try await Program().run(["diagnose", "--format", "json"] + names)
    let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
    #expect(report.packets.read == 6, "\(outcome.output)\(outcome.errors)")
    #expect(report.packets.decoded == 2)
    for name in names {
      #expect(outcome.errors.contains("\(name): 2 packets of link type"), "\(outcome.errors)")
    }
  }
}
