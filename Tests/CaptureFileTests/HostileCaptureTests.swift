import CaptureFile
import Foundation
import Testing

/// A short slice of what the fuzzers Pcap and Pcapng do (Fuzz/run), always the same: their corpus
/// with changes.
@Suite("Hostile captures")
struct HostileCaptureTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fuzz/corpus")

  private static func seeds() throws -> [URL] {
    try ["pcap", "pcapng"].flatMap { folder in
      try FileManager.default.contentsOfDirectory(
        at: corpus.appending(path: folder), includingPropertiesForKeys: nil)
    }.sorted { $0.path < $1.path }
  }

  @Test("the corpus is there")
  func corpus() throws {
    #expect(try Self.seeds().count >= 10)
  }

  @Test("are read to where they make sense, whatever the pieces", arguments: try seeds())
  func changed(seed: URL) throws {
    let original = [UInt8](try Data(contentsOf: seed))
    var changes = Changes(state: UInt64(original.count))
    var packets = 0
    for round in 0..<250 {
      let bytes = round == 0 ? original : changes.changed(original)
      let whole = Self.outcome(bytes, pieces: .max)
      #expect(whole == Self.outcome(bytes, pieces: 61))
      packets += whole.packets
    }
    #expect(packets > 100)
  }

  private struct Outcome: Hashable {
    var packets = 0
    var bytes = 0
    var cut: CaptureCut?
    var failure: CaptureFileError?
  }

  private static func outcome(_ bytes: [UInt8], pieces: Int) -> Outcome {
    var outcome = Outcome()
    do throws(CaptureFileError) {
      var reader = try Fixture.reader(of: bytes, pieces: pieces)
      do throws(CaptureFileError) {
        while let record = try reader.next() {
          outcome.bytes += record.bytes.count
          _ = try? record.frame()
        }
      } catch {
        outcome.failure = error
      }
      outcome.packets = reader.packets
      outcome.cut = reader.cut
    } catch {
      outcome.failure = error
    }
    return outcome
  }

  /// SplitMix64, so that each run sees the same changes.
  private struct Changes: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var value = state
      value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
      value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
      return value ^ value >> 31
    }

    /// A copy with some bytes behind the format's mark changed, taken out, doubled, or cut off.
    mutating func changed(_ bytes: [UInt8]) -> [UInt8] {
      var bytes = bytes
      for _ in 0..<Int.random(in: 1...6, using: &self) where bytes.count > 4 {
        let index = Int.random(in: 4..<bytes.count, using: &self)
        switch Int.random(in: 0..<6, using: &self) {
        case 0: bytes[index] = UInt8.random(in: 0...255, using: &self)
        case 1: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &self)
        case 2: bytes[index] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &self) ?? 0
        case 3: bytes.remove(at: index)
        case 4: bytes.insert(contentsOf: bytes[index...].prefix(8), at: index)
        default: bytes.removeSubrange(index...)
        }
      }
      return bytes
    }
  }
}
