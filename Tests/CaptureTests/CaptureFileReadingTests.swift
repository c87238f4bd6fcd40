import Capture
import CaptureFile
import Foundation
import PXEWire
import Testing

/// Captures read from files, which a thread of its own reads ahead.
@Suite struct CaptureFileReadingTests {
  private let path = NSTemporaryDirectory() + "capture-\(UUID().uuidString).pcap"

  /// A pcap file with a packet of each size, whose bytes tell its number.
  private static func capture(of sizes: [Int]) -> [UInt8] {
    var file: [UInt8] = []
    func add(_ number: Int) {
      withUnsafeBytes(of: UInt32(number).littleEndian) { file += $0 }
    }
    for number in [0xa1b2_c3d4, 0x0004_0002, 0, 0, 4 << 20, 1] { add(number) }
    for (index, size) in sizes.enumerated() {
      for number in [1_700_000_000 + index, index, size, size] { add(number) }
      file += [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: size)
    }
    return file
  }

  @Test(arguments: [
    // Smaller than what is read at a time, and of many times that.
    [],
    [60],
    Array(repeating: [60, 1514, 66], count: 3000).flatMap { $0 },
    Array(repeating: 512 << 10 - 16, count: 9),
    // Larger than what is kept of one stretch before the next, and than a stretch.
    Array(repeating: [300_000, 60, 270_320, 3 << 20, 264 << 10, 1], count: 3).flatMap { $0 },
  ])
  func everyPacketIsWhole(sizes: [Int]) throws {
    defer { unlink(path) }
    try Data(Self.capture(of: sizes)).write(to: URL(fileURLWithPath: path))
    var reader = try CaptureFileReader(path: path)
    var count = 0
    while let record = try reader.next() {
      let expected = Data(repeating: UInt8(truncatingIfNeeded: count), count: sizes[count])
      #expect(Data(record.bytes) == expected)
      count += 1
    }
    #expect(count == sizes.count)
    #expect(reader.cut == nil)
    #expect(try reader.next() == nil)
  }

  /// As a capture that goes on in a ring of files may be.
  @Test func aFileThatIsCutOffWhileItIsReadEndsThere() throws {
    defer { unlink(path) }
    let sizes = Array(repeating: 984, count: 8000)
    try Data(Self.capture(of: sizes)).write(to: URL(fileURLWithPath: path))
    var reader = try CaptureFileReader(path: path)
    #expect(try reader.next()?.number == 1)
    #expect(truncate(path, 24 + 5000 * 1000 + 500) == 0)
    while try reader.next() != nil {}
    #expect(reader.packets == 5000)
    #expect(reader.cut?.offset == 24 + 5000 * 1000)
  }

  @Test func aReaderMayBeGivenUp() throws {
    defer { unlink(path) }
    try Data(Self.capture(of: Array(repeating: 1000, count: 8000)))
      .write(to: URL(fileURLWithPath: path))
    for _ in 0..<50 {
      var reader = try CaptureFileReader(path: path)
      #expect(try reader.next()?.number == 1)
    }
  }
}
