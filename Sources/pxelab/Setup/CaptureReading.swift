import Capture
import CaptureFile
import Diagnosis
import PXEWire

/// Captures read from their first packet to their last.
struct CaptureReading {
  /// What standard input is called in messages.
  static let standardInput = "<stdin>"

  let follower: CaptureFollower
  /// What a person should know of the files.
  let notes: [String]
  /// Packets that the capturing programs lost, as the files say.
  let dropped: Int

  /// Reads files, or standard input for `-`. Several are of one network, and their packets are numbered
  /// by their times.
  ///
  /// - Throws: ``Failure`` when one cannot be read at all, or none of its packets can. Of a file that is
  ///   damaged further in, what is before the damage is used.
  init(_ paths: [String]) throws {
    if let path = paths.first, paths.count == 1 {
      try self.init(path)
    } else {
      try self.init(paths.map { MergedCapture.Source(name: $0, files: [$0]) })
    }
  }

  /// Reads captures of one network together, in the order of their packets' times.
  ///
  /// - Throws: as ``init(_:)``.
  init(_ sources: [MergedCapture.Source]) throws {
    var follower = CaptureFollower(tellsEvents: false)
    let captures: MergedCapture
    do throws(CaptureFileError) {
      captures = try MergedCapture(sources)
    } catch {
      throw Failure(.capture, "\(error)")
    }
    while captures.next({ record, capture, number in
      let names = captures.names
      if follower.captures != names { follower.captures = names }
      follower.take(
        record.bytes, linkType: record.linkType, at: record.time, number: number,
        interface: capture)
    }) {}
    follower.captures = captures.names
    follower.skip(to: captures.packets)
    if follower.packets.decoded == 0, let reason = captures.reasonForNothing {
      throw Failure(.capture, reason)
    }
    self.follower = follower
    notes = captures.notes
    dropped = captures.dropped
  }

  private init(_ path: String) throws {
    let name = path == "-" ? Self.standardInput : path
    var follower = CaptureFollower(tellsEvents: false)
    var notes: [String] = []
    do {
      var reader = try CaptureFileReader(path: path, name: name)
      do throws(CaptureFileError) {
        while let record = try reader.next() {
          if follower.captures.count != reader.interfaces.count {
            follower.captures = reader.interfaces.enumerated().map { index, interface in
              interface.description ?? interface.name ?? "interface \(index)"
            }
          }
          follower.take(
            record.bytes, linkType: record.linkType, at: record.time, number: record.number,
            interface: record.interface)
        }
      } catch {
        guard reader.packets > 0 else { throw error }
        notes.append("\(error); what comes after it is not used")
      }
      follower.skip(to: reader.packets)
      for (linkType, count) in reader.skipped.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        notes.append("\(name): \(count) packets of link type \(linkType) are not read")
      }
      if let cut = reader.cut {
        notes.append("\(name): cut off within packet \(cut.packets + 1), at byte \(cut.offset)")
      }
      if follower.packets.decoded == 0, let reason = reader.reasonForNothing {
        throw Failure(.capture, "\(name): \(reason)")
      }
      dropped = reader.interfaces.reduce(0) { $0 + ($1.dropped ?? 0) }
    } catch let error as CaptureFileError {
      throw Failure(.capture, "\(error)")
    }
    self.follower = follower
    self.notes = notes
  }
}
