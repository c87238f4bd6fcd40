import CaptureFile
import Foundation
import PXEWire
import Testing

/// What the reader says of every packet of every fixture, beside what tshark says.
@Suite("Captures agree with tshark")
struct TsharkAgreementTests {
  static let files = [
    "big-endian-nanoseconds.pcap", "big-endian.pcap", "big-endian.pcapng", "comments.pcapng",
    "cut-packets.pcapng", "dumpcap.pcapng", "ethernet.pcapng", "ethernet.pcapng.gz", "ipv4.pcap",
    "loop.pcap", "microseconds.pcap", "names.pcapng", "nanoseconds.pcap", "nanoseconds.pcap.gz",
    "null.pcap", "odd-blocks.pcapng", "raw.pcap", "sections.pcapng", "several-interfaces.pcapng",
    "sll.pcap", "sll2.pcap", "sll2.pcap.gz",
  ]

  /// tshark 4.0 loses the digits of a time in picoseconds, and a simple block has none.
  private static let timesOfNoUse = ["odd-blocks.pcapng": Set([0, 3])]

  @Test(arguments: files)
  func packets(file: String) throws {
    let expected = try Self.tshark(file)
    var reader = try Fixture.reader(file)
    var seen = 0
    var datagrams = 0
    while let record = try reader.next() {
      let row = try #require(expected[record.number], "packet \(record.number)")
      seen += 1
      #expect(record.originalLength == Int(row[1]), "packet \(record.number)")
      #expect(record.bytes.count == Int(row[2]), "packet \(record.number)")
      if Self.timesOfNoUse[file]?.contains((record.number - 1) % 4) != true {
        #expect(Self.text(record.time) == row[3], "packet \(record.number)")
      }
      #expect(record.comments.joined(separator: ",") == row[4])
      let frame = try record.frame()
      if !row[5].isEmpty {
        #expect("\(frame.source)" == row[5], "packet \(record.number)")
      } else if !row[6].isEmpty {
        #expect("\(frame.source)" == row[6], "packet \(record.number)")
      } else {
        #expect(frame.source.isUnspecified)
      }
      if let datagram = frame.datagram {
        #expect(datagram.sourcePort == UInt16(row[7].prefix { $0 != "," }))
        datagrams += 1
      }
    }
    #expect(reader.packets == expected.count)
    #expect(seen + reader.skipped.values.reduce(0, +) == expected.count)
    #expect(reader.cut == nil)
    #expect(datagrams > 15)
  }

  private static func text(_ time: Timestamp) -> String {
    let nanoseconds = String(time.nanoseconds % 1_000_000_000)
    return "\(time.nanoseconds / 1_000_000_000)."
      + String(repeating: "0", count: 9 - nanoseconds.count) + nanoseconds
  }

  /// tshark's fields of every packet, by its number.
  private static func tshark(_ file: String) throws -> [Int: [String]] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "tshark", "-n", "-r", try Fixture.path(file), "-T", "fields", "-E", "separator=|",
      "-o", "frame.generate_md5_hash:FALSE",
    ]
    for field in [
      "frame.number", "frame.len", "frame.cap_len", "frame.time_epoch", "frame.comment", "eth.src",
      "sll.src.eth", "udp.srcport",
    ] {
      process.arguments?.append(contentsOf: ["-e", field])
    }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    var rows: [Int: [String]] = [:]
    for line in text.split(separator: "\n") {
      let row = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      rows[try #require(Int(row[0]))] = row
    }
    return rows
  }
}
