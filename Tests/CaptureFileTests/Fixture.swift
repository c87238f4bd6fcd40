import CaptureFile
import Foundation
import PXEWire
import Testing

/// The files of the folder Fixtures.
enum Fixture {
  static func path(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)).path
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }

  /// A reader of a fixture that is given it in pieces of at most so many bytes.
  static func reader(_ name: String, pieces: Int = .max) throws -> CaptureFileReader {
    try reader(of: bytes(name), name: name, pieces: pieces)
  }

  static func reader(
    of bytes: [UInt8], name: String = "test.pcap", pieces: Int = .max
  ) throws(CaptureFileError) -> CaptureFileReader {
    var rest = bytes[...]
    return try CaptureFileReader(file: name) { memory in
      let piece = rest.prefix(min(pieces, memory.count))
      memory.copyBytes(from: piece)
      rest = rest.dropFirst(piece.count)
      return piece.count
    }
  }
}

/// A packet that outlives its reader.
struct Packet: Hashable {
  var number: Int
  var time: Timestamp
  var originalLength: Int
  var bytes: [UInt8]
  var linkType: LinkType
  var interface: Int
  var comments: [String]

  init(_ record: CaptureRecord) {
    number = record.number
    time = record.time
    originalLength = record.originalLength
    bytes = [UInt8](record.bytes)
    linkType = record.linkType
    interface = record.interface
    comments = record.comments
  }

  static func all(_ reader: inout CaptureFileReader) throws(CaptureFileError) -> [Packet] {
    var packets: [Packet] = []
    while let record = try reader.next() { packets.append(Packet(record)) }
    return packets
  }
}
