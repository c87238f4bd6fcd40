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
  /// How many packets were read, with those that the reader passes over.
  private(set) var packets = 0
  private let sources: [Source]
  /// Each interface of each source is a capture: which, by the capture's number.
  private var places: [(source: Int, interface: Int, name: String?)]
  /// What people call the captures that packets have come from: as the source, where it has one interface.
  private(set) var names: [String]
  /// What a person should know of the files.
  private(set) var notes: [String] = []

  /// Opens the files.
  ///
  /// - Throws: `CaptureFileError` when one is no capture or cannot be read.
  init(_ sources: [Source]) throws(CaptureFileError) {
    self.sources = sources
    places = sources.indices.map { ($0, 0, nil) }
    names = sources.map(\.name)
    for (index, source) in sources.enumerated() {
      for file in source.files { try open(file, of: index) }
    }
  }

  private func open(_ path: String, of source: Int) throws(CaptureFileError) {
    let file = try OpenFile(path, source: source, order: files.count)
    advance(file)
    files.append(file)
  }

  private func capture(of file: OpenFile, _ interface: Int) -> Int {
    let known = places.firstIndex { $0.source == file.source && $0.interface == interface }
    if let known, places[known].name != nil { return known }
    let index = known ?? places.count
    if known == nil { places.append((file.source, interface, nil)) }
    places[index].name = file.name(ofInterface: interface)
    names = places.map { place in
      let source = sources[place.source].name
      let isOnly = places.count { $0.source == place.source } == 1
      return isOnly ? source : "\(place.name ?? "interface \(place.interface)") of \(source)"
    }
    return index
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
      for file in files {
        notes += file.lastNotes()
        packets += file.passedOver()
      }
      return false
    }
    packets += file.passedOver()
    body(record, capture(of: file, record.interface), packets)
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
  /// The number of its source.
  let source: Int
  let order: Int
  /// How many of its packets were counted.
  private var counted = 0
  /// Lent by the reader until it goes on.
  private(set) var record: CaptureRecord?
  private var reader: CaptureFileReader

  init(_ path: String, source: Int, order: Int) throws(CaptureFileError) {
    name = path == "-" ? CaptureReading.standardInput : path
    self.source = source
    self.order = order
    reader = try CaptureFileReader(path: path, name: name)
  }

  var time: Timestamp? { record?.time }
  var dropped: Int { reader.interfaces.reduce(0) { $0 + ($1.dropped ?? 0) } }
  var reasonForNothing: String? { reader.reasonForNothing }

  /// What people call an interface of it.
  func name(ofInterface index: Int) -> String {
    let interface = reader.interfaces.indices.contains(index) ? reader.interfaces[index] : nil
    return interface?.description ?? interface?.name ?? "interface \(index)"
  }

  /// How many packets there are that were not counted yet, up to the one at which it is read.
  func passedOver() -> Int {
    let number = record?.number ?? reader.packets
    defer { counted = number }
    return number - counted
  }

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
