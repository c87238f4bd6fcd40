import CaptureFile
import Foundation
import PXEWire
import Testing

/// A packet of a capture, and where it is from.
struct CorpusPacket {
  let capture: String
  let number: Int
  let frame: Frame
}

/// All captures of the tree as one, so that tshark need be started once.
struct MergedCaptures {
  private(set) var packets: [CorpusPacket] = []
  private var encoder = PcapngEncoder()

  /// Tests/Corpus/captures and the odd messages, without what carries TCP alone.
  init() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let corpus = tests.deletingLastPathComponent().appending(path: "Corpus/captures")
    let files = try #require(
      FileManager.default.enumerator(at: corpus, includingPropertiesForKeys: nil)
    )
    .compactMap { $0 as? URL }
    .filter { ["pcap", "pcapng", "gz"].contains($0.pathExtension) }
    .sorted { $0.path < $1.path }
    for file in files + [tests.appending(path: "Fixtures/odd-messages.pcap")] {
      try add(file)
    }
  }

  private mutating func add(_ file: URL) throws {
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    let first = encoder.interfaces
    let name = file.lastPathComponent
    var reader = try CaptureFileReader(file: name) { memory in
      guard let data = try? handle.read(upToCount: memory.count) else { return 0 }
      return data.copyBytes(to: memory)
    }
    while let record = try reader.next() {
      while encoder.interfaces - first < reader.interfaces.count {
        encoder.describe(reader.interfaces[encoder.interfaces - first])
      }
      guard let frame = try? record.frame() else { continue }
      if case .tcp = frame.transport { continue }
      encoder.add(
        record.time, originalLength: record.originalLength, bytes: record.bytes,
        interface: first + record.interface)
      packets.append(CorpusPacket(capture: name, number: record.number, frame: frame))
    }
  }

  /// What tshark says of them: for each packet the values of each field. Of datagrams that an ICMP
  /// error quotes it says nothing.
  func tshark(_ fields: [String]) throws -> [[String: [String]]] {
    let file = FileManager.default.temporaryDirectory
      .appending(path: "pxelab-corpus-\(ProcessInfo.processInfo.globallyUniqueString).pcapng")
    try Data(encoder.bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments =
      [
        "tshark", "-n", "-r", file.path, "-Y", "(dhcp || dhcpv6 || tftp) && !icmp && !icmpv6", "-T",
        "fields",
      ]
      + ["-E", "separator=\u{1e}", "-E", "aggregator=\u{1f}", "-E", "occurrence=a"]
      + (["frame.number"] + fields).flatMap { ["-e", $0] }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "tshark (package tshark) must be there")
    var rows = [[String: [String]]](repeating: [:], count: packets.count)
    for line in text.split(separator: "\n") {
      let columns = line.split(separator: "\u{1e}", omittingEmptySubsequences: false)
      let number = try #require(Int(columns[0]))
      for (field, column) in zip(fields, columns.dropFirst()) where !column.isEmpty {
        rows[number - 1][field] =
          column.split(separator: "\u{1f}", omittingEmptySubsequences: false).map(String.init)
      }
    }
    return rows
  }
}
