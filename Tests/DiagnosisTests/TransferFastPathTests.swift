import Capture
import CaptureFile
import Foundation
import PXEWire
import Testing

@testable import Diagnosis

/// What the fast path takes in must leave the same trace as if the tracker had decoded it.
@Suite("The fast path")
struct TransferFastPathTests {
  @Test("leaves the traces and events that the tracker alone leaves, on every recorded capture")
  func agreement() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Corpus/captures")
    let files = try #require(FileManager.default.enumerator(atPath: folder.path))
      .compactMap { $0 as? String }.filter { $0.contains(".pcap") }.sorted()
    try #require(files.count > 50)
    var taken = 0
    for file in files {
      taken += try compare(folder.appendingPathComponent(file).path)
    }
    #expect(taken > 3000)
  }

  @Test("a long transfer is nearly all taken in fast", arguments: [512, 1468])
  func longTransfer(blockSize: Int) throws {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Benchmarks/capture")
    let path = NSTemporaryDirectory() + "capture-\(UUID().uuidString).pcap"
    defer { unlink(path) }
    let process = Process()
    process.executableURL = script
    process.arguments = ["--make", path, "\(blockSize)", "4"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let taken = try compare(path)
    #expect(taken > 4_000_000 / (blockSize + 132) * 2 * 8 / 10)
  }

  /// Follows a capture both ways; how many packets were taken in fast.
  private func compare(_ path: String) throws -> Int {
    var slow = CaptureFollower()
    var fast = CaptureFollower()
    var reader = try CaptureFileReader(path: path)
    do {
      while let record = try reader.next() {
        let expected = slow.take(
          try? record.frame(), at: record.time, number: record.number,
          interface: record.interface)
        let events = fast.take(
          record.bytes, linkType: record.linkType, at: record.time, number: record.number,
          interface: record.interface)
        #expect(events == expected, "packet \(record.number) of \(path)")
      }
    } catch {
      // A damaged file is compared as far as it goes.
    }
    #expect(fast.packets == slow.packets, "\(path)")
    #expect(fast.begin == slow.begin)
    #expect(fast.end == slow.end)
    #expect(fast.tracker.clients == slow.tracker.clients, "\(path)")
    #expect(fast.tracker.segments == slow.tracker.segments, "\(path)")
    #expect(fast.report() == slow.report())
    return fast.fastPath.taken
  }
}
