import CaptureFile
import Diagnosis
import Foundation

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
  /// - Throws: ``Failure`` when it cannot be read at all. Of a file that is damaged further in,
  ///   what is before the damage is used.
  init(_ path: String) throws {
    let name = path == "-" ? Self.standardInput : path
    let input = try Self.open(path)
    defer { if path != "-" { try? input.close() } }
    var follower = CaptureFollower()
    var notes: [String] = []
    do throws(CaptureFileError) {
      var reader = try CaptureFileReader(file: name) { buffer throws(CaptureFileError) in
        try Self.read(input, into: buffer, name)
      }
      do throws(CaptureFileError) {
        while let record = try reader.next() {
          follower.take(try? record.frame(), at: record.time, number: record.number)
        }
      } catch {
        notes.append("\(error); what comes after it is not used")
      }
      follower.skip(to: reader.packets)
      for (linkType, count) in reader.skipped.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        notes.append("\(name): \(count) packets of link type \(linkType) are not read")
      }
      if let cut = reader.cut {
        notes.append("\(name): cut off within packet \(cut.packets + 1), at byte \(cut.offset)")
      }
      dropped = reader.interfaces.reduce(0) { $0 + ($1.dropped ?? 0) }
    } catch {
      throw Failure(.capture, "\(error)")
    }
    self.follower = follower
    self.notes = notes
  }

  private static func open(_ path: String) throws -> FileHandle {
    if path == "-" { return FileHandle.standardInput }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure(.capture, "\(path): no such file")
    }
    guard !isFolder.boolValue else {
      throw Failure(.capture, "\(path): a folder; name a capture file in it")
    }
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Failure(.capture, "\(path): cannot be opened: \(String(cString: strerror(errno)))")
    }
    return file
  }

  private static func read(
    _ input: FileHandle, into buffer: UnsafeMutableRawBufferPointer, _ name: String
  ) throws(CaptureFileError) -> Int {
    while true {
      let count = Foundation.read(input.fileDescriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw CaptureFileError(
          kind: .unreadable, file: name, offset: 0, reason: String(cString: strerror(errno)))
      }
    }
  }
}
