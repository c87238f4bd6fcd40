import Capture
import CaptureFile
import Diagnosis

/// A capture file read from its first packet to its last.
struct CaptureReading {
  /// What standard input is called in messages.
  static let standardInput = "<stdin>"

  let follower: CaptureFollower
  /// What a person should know of the file.
  let notes: [String]
  /// Packets that the capturing program lost, as the file says.
  let dropped: Int

  /// Reads a file, or standard input for `-`.
  ///
  /// - Throws: ``Failure`` when it cannot be read at all, or none of its packets can. Of a file that is
  ///   damaged further in, what is before the damage is used.
  init(_ path: String) throws {
    let name = path == "-" ? Self.standardInput : path
    var follower = CaptureFollower(tellsEvents: false)
    var notes: [String] = []
    do {
      var reader = try CaptureFileReader(path: path, name: name)
      do throws(CaptureFileError) {
        while let record = try reader.next() {
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
