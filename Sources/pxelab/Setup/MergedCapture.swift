import Capture
import CaptureFile
import PXEWire

/// Capture files that are read together, in the order of their packets' times, as mergecap(1) does.
final class MergedCapture {
  /// Files of one capture, the earlier first, and what the capture is called.
  struct Source {
    /// What people call it.
    var name: String
    /// Its files.
    var files: [String]
  }

  /// Where the next packet is, of each file that has one.
  private var files: [OpenFile] = []
  /// How many packets were read.
  private(set) var packets = 0
  /// What a person should know of the files.
  private(set) var notes: [String] = []

  /// Opens the files.
  ///
  /// - Throws: `CaptureFileError` when one is no capture or cannot be read.
  init(_ sources: [Source]) throws(CaptureFileError) {
    for (index, source) in sources.enumerated() {
      for file in source.files { try open(file, of: index) }
    }
  }

  private func open(_ path: String, of capture: Int) throws(CaptureFileError) {
    let file = try OpenFile(path, capture: capture, order: files.count)
    advance(file)
    files.append(file)
  }

  /// Packets that the capturing programs lost, as the files say.
  var dropped: Int { files.reduce(0) { $0 + $1.dropped } }

  /// Why none of the packets can be read, where that is so.
  var reasonForNothing: String? {
    files.compactMap { file in file.reasonForNothing.map { "\(file.name): \($0)" } }.first
  }

  /// Hands out the next packet with its capture's number, and its own among all from 1.
  ///
  /// - Returns: whether there was one.
  func next(_ body: (CaptureRecord, _ capture: Int, _ number: Int) -> Void) -> Bool {
    let earliest = files.filter { $0.time != nil }.min {
      ($0.time ?? Timestamp(nanoseconds: .max), $0.order)
        < ($1.time ?? Timestamp(nanoseconds: .max), $1.order)
    }
    guard let file = earliest, let record = file.record else {
      for file in files { notes += file.lastNotes() }
      return false
    }
    packets += 1
    body(record, file.capture, packets)
    advance(file)
    return true
  }

  private func advance(_ file: OpenFile) {
    do throws(CaptureFileError) {
      try file.advance()
    } catch {
      notes.append("\(error); what comes after it is not used")
    }
  }
}

/// A file with the packet at which it is read.
private final class OpenFile {
  let name: String
  let capture: Int
  let order: Int
  /// Lent by the reader until it goes on.
  private(set) var record: CaptureRecord?
  private var reader: CaptureFileReader

  init(_ path: String, capture: Int, order: Int) throws(CaptureFileError) {
    name = path == "-" ? CaptureReading.standardInput : path
    self.capture = capture
    self.order = order
    reader = try CaptureFileReader(path: path, name: name)
  }

  var time: Timestamp? { record?.time }
  var dropped: Int { reader.interfaces.reduce(0) { $0 + ($1.dropped ?? 0) } }
  var reasonForNothing: String? { reader.reasonForNothing }

  func advance() throws(CaptureFileError) {
    record = nil
    record = try reader.next()
  }

  func lastNotes() -> [String] {
    var notes = reader.skipped.sorted { $0.key.rawValue < $1.key.rawValue }.map {
      "\(name): \($0.value) packets of link type \($0.key) are not read"
    }
    if let cut = reader.cut {
      notes.append(
        "\(name): cut off within packet \(cut.packets + 1), at byte \(cut.offset)")
    }
    return notes
  }
}
