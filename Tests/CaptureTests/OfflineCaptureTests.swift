import Capture
import Foundation
import Testing

func fixturePath(_ name: String) throws -> String {
  try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)).path
}

@Suite struct OfflineCaptureTests {
  @Test(arguments: [
    (nil, 3),
    (CaptureFilter("udp port 67"), 1),
    (CaptureFilter("vlan 100"), 2),
    (CaptureFilter.taggedOrNot("udp port 67"), 2),
    (CaptureFilter.taggedOrNot("udp port 67 or port 1001"), 3),
    (CaptureFilter("vlan 200"), 0),
  ])
  func filters(filter: CaptureFilter?, count: Int) throws {
    let mine = "ether src de:00:00:00:00:de"
    let own = CaptureFilter(filter.map { "\(mine) and (\($0.expression))" } ?? mine)
    let capture = try OfflineCapture(file: fixturePath("tagged-and-not.pcap"), filter: own)
    #expect(capture.linkType == .ethernet)
    #expect(try capture.packets().count == count)
  }

  @Test func packetsKeepTimeLengthAndBytes() throws {
    let capture = try OfflineCapture(
      file: fixturePath("tagged-and-not.pcap"), filter: .taggedOrNot("udp port 67"))
    let packets = try capture.packets()
    #expect(packets.map(\.originalLength) == [59, 61])
    #expect(packets.map(\.bytes.count) == [59, 61])
    #expect(packets.map { Array($0.bytes[12..<14]) } == [[0x08, 0x00], [0x81, 0x00]])
    #expect(packets.last?.bytes.suffix(15) == ArraySlice("tagged discover".utf8))
    // tcpdump writes microseconds: the file's own seconds and fraction, as nanoseconds.
    #expect(packets.map(\.timestamp) == [1_795_381_498_392_607_000, 1_795_381_498_392_648_000])
  }

  @Test func errorsNameTheFile() throws {
    let missing = #expect(throws: CaptureError.self) { try OfflineCapture(file: "/no/such.pcap") }
    #expect(missing?.source == "/no/such.pcap")
    #expect(missing?.operation == .open)
    #expect(missing?.reason.contains("No such file") == true)
    let readme = try fixturePath("README.md")
    let other = #expect(throws: CaptureError.self) { try OfflineCapture(file: readme) }
    #expect(other?.operation == .open)
    let cut = try OfflineCapture(file: fixturePath("cut-off.pcap"))
    let truncated = #expect(throws: CaptureError.self) { try cut.packets() }
    #expect(truncated?.operation == .read)
    let filtered = #expect(throws: CaptureError.self) {
      try OfflineCapture(
        file: fixturePath("tagged-and-not.pcap"), filter: CaptureFilter("udp prot 67"))
    }
    #expect(filtered?.operation == .filter("udp prot 67"))
    #expect(filtered?.reason.isEmpty == false)
  }

  @Test func whatIsWrittenIsReadBackToTheNanosecond() throws {
    let path = NSTemporaryDirectory() + "capture-\(UUID().uuidString).pcap"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let packets = [
      CapturedPacket(timestamp: 1_700_000_000_123_456_789, originalLength: 3, bytes: [1, 2, 3]),
      CapturedPacket(timestamp: 1_700_000_001_000_000_001, originalLength: 99, bytes: [4, 5]),
    ]
    let writer = try CaptureWriter(file: path)
    for packet in packets { try writer.write(packet) }
    try writer.flush()
    #expect(try OfflineCapture(file: path).packets() == packets)
    try writer.close()
    try writer.close()
    #expect(throws: CaptureError.self) { try writer.write(packets[0]) }
  }

  @Test func aFileThatCannotBeMade() {
    let error = #expect(throws: CaptureError.self) {
      try CaptureWriter(file: "/no/such/directory/a.pcap")
    }
    #expect(error?.operation == .write)
    #expect(error?.reason.contains("No such file") == true)
  }
}
