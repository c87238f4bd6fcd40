import Capture
import CaptureFile
import Foundation
import PXEWire
import Testing

/// What is written, read back by pxelab, tshark and tcpdump.
@Suite struct CaptureWriterTests {
  private static let packets: [(time: Int64, original: Int, bytes: [UInt8], comments: [String])] = [
    (1_700_000_000_123_456_789, 60, Array(repeating: 0xff, count: 60), ["node: DISCOVER", "ä"]),
    (1_700_000_001_000_000_001, 1500, Array(repeating: 1, count: 61), []),
  ]

  private let path = NSTemporaryDirectory() + "capture-\(UUID().uuidString).pcapng"

  private func write() throws -> CaptureWriter {
    let writer = try CaptureWriter(
      file: path,
      interfaces: [
        CaptureInterface(linkType: .ethernet, snapshotLength: 61, name: "br0", description: "lab"),
        CaptureInterface(linkType: .ethernet, snapshotLength: 0, name: "br1"),
      ], filter: CaptureFilter("udp"), comment: "a lab")
    for (index, packet) in Self.packets.enumerated() {
      try packet.bytes.withUnsafeBytes { bytes in
        try writer.write(
          CapturedPacket(
            time: Timestamp(nanoseconds: packet.time), originalLength: packet.original,
            bytes: bytes), interface: index, comments: packet.comments)
      }
    }
    return writer
  }

  @Test func whatIsWrittenIsReadBack() throws {
    defer { unlink(path) }
    let writer = try write()
    try writer.flush()
    for isClosed in [false, true] {
      if isClosed {
        try writer.name([CaptureName(address: [192, 168, 100, 50], name: "node")])
        try writer.count(
          CaptureStatistics(received: 7, dropped: 2, droppedByInterface: 1), interface: 1,
          from: Timestamp(nanoseconds: 1), to: Timestamp(nanoseconds: 2))
        try writer.close()
        try writer.close()
      }
      var reader = try CaptureFileReader(path: path)
      var count = 0
      while let record = try reader.next() {
        let packet = Self.packets[count]
        #expect(record.time.nanoseconds == packet.time)
        #expect(record.originalLength == packet.original)
        #expect([UInt8](record.bytes) == packet.bytes)
        #expect(record.comments == packet.comments)
        #expect(record.interface == count)
        count += 1
      }
      #expect(count == Self.packets.count)
      #expect(reader.cut == nil)
      #expect(reader.interfaces.map(\.name) == ["br0", "br1"])
      #expect(reader.comments == ["a lab"])
      #expect(reader.interfaces[1].dropped == (isClosed ? 3 : nil))
      #expect(reader.names.isEmpty != isClosed)
    }
    let late = #expect(throws: CaptureError.self) { try writer.flush() }
    #expect(late?.reason == "closed")
  }

  @Test func othersReadIt() throws {
    defer { unlink(path) }
    let writer = try write()
    try writer.name([CaptureName(address: [192, 168, 100, 50], name: "node")])
    try writer.count(
      CaptureStatistics(received: 7), interface: 0, from: Timestamp(nanoseconds: 1),
      to: Timestamp(nanoseconds: 2))
    try writer.close()
    let fields = ["frame.time_epoch", "frame.len", "frame.cap_len", "frame.comment"]
    let interface = ["frame.interface_name"]
    let tshark = try output(
      of: "tshark",
      ["-n", "-r", path, "-T", "fields", "-E", "separator=|"]
        + (fields + interface).flatMap { ["-e", $0] })
    #expect(
      tshark == """
        1700000000.123456789|60|60|node: DISCOVER,ä|br0
        1700000001.000000001|1500|61||br1

        """)
    let information = try output(of: "capinfos", [path])
    #expect(information.contains("Capture application: pxelab"))
    #expect(information.contains("Capture comment:     a lab"))
  }

  @Test func tcpdumpReadsWhatALabWrites() throws {
    defer { unlink(path) }
    let writer = try CaptureWriter(
      file: path,
      interfaces: [CaptureInterface(linkType: .ethernet, snapshotLength: 2048, name: "br0")])
    try Self.packets[0].bytes.withUnsafeBytes { bytes in
      try writer.write(
        CapturedPacket(
          time: Timestamp(nanoseconds: Self.packets[0].time), originalLength: 60, bytes: bytes),
        comments: ["a comment"])
    }
    try writer.close()
    let lines = try output(of: "tcpdump", ["-nr", path, "-tt", "--nano"])
    #expect(lines.hasPrefix("1700000000.123456789 "))
  }

  @Test func theNewestPacketsAreKept() throws {
    let earlier = "\(path).earlier"
    defer {
      unlink(path)
      unlink(earlier)
    }
    let limit = 8192
    let writer = try CaptureWriter(
      file: path, interfaces: [CaptureInterface(linkType: .ethernet, snapshotLength: 0, name: "b")],
      comment: "a lab", rotation: .init(size: limit / 2, earlier: earlier))
    let frame = [UInt8](repeating: 7, count: 400)
    for number in 0..<100 {
      try frame.withUnsafeBytes { bytes in
        try writer.write(
          CapturedPacket(
            time: Timestamp(nanoseconds: Int64(number)), originalLength: 1500, bytes: bytes
          ).cut(to: 300))
      }
      // Two times out of three: what is not flushed counts when it is.
      if number % 3 != 0 { try writer.flush() }
      let sizes = [path, earlier].map { path -> Int in
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
      }
      #expect(sizes.reduce(0, +) <= limit + 1500)
    }
    try writer.close()
    var numbers: [Int64] = []
    for file in [earlier, path] {
      var reader = try CaptureFileReader(path: file)
      while let record = try reader.next() {
        #expect(record.bytes.count == 300 && record.originalLength == 1500)
        numbers.append(record.time.nanoseconds)
      }
      #expect(reader.cut == nil && reader.interfaces.map(\.name) == ["b"])
      #expect(reader.comments == ["a lab"])
    }
    let first = try #require(numbers.first)
    #expect(numbers == Array(first...99) && numbers.count >= 10)
  }

  @Test func aFileThatCannotBeMade() {
    let error = #expect(throws: CaptureError.self) {
      try CaptureWriter(file: "/no/such/directory/a.pcapng", interfaces: [])
    }
    #expect(error?.operation == .write)
    #expect(error?.reason.contains("No such file") == true)
  }

  @Test func aFullDiskIsTold() throws {
    let writer = try CaptureWriter(file: "/dev/full", interfaces: [])
    let error = #expect(throws: CaptureError.self) { try writer.flush() }
    #expect(error?.reason.contains("No space left") == true)
    #expect(throws: CaptureError.self) { try writer.flush() }
  }

  @Test func filesThatCannotBeReadAreNamed() throws {
    let missing = #expect(throws: CaptureFileError.self) {
      _ = try CaptureFileReader(path: "/no/such.pcap")
    }
    #expect(missing?.description == "/no/such.pcap: No such file or directory")
    let folder = #expect(throws: CaptureFileError.self) { _ = try CaptureFileReader(path: "/tmp") }
    #expect(folder?.description == "/tmp: Is a directory")
  }

  private func output(of program: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(program) \(arguments)")
    return String(decoding: data, as: UTF8.self)
  }
}
