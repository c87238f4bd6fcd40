import CaptureFile
import Foundation
import Mutations
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
    // The format's mark stays.
    var changes = RepeatableNumbers(seed: UInt64(original.count))
    var packets = 0
    for round in 0..<250 {
      let bytes = round == 0 ? original : changes.changed(original, keeping: 4)
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
}
