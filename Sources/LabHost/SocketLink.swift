import FileSystem
import FoundationEssentials
import Glibc
import Planning

/// The short way to a lab's sockets, where the lab's folder has too long a path for them.
///
/// No journal names it: its path follows from the lab's.
struct SocketLink: Sendable {
  private let path: String
  private let folder: String

  /// The link of a lab; `nil` where it needs none.
  init?(_ paths: LabPaths) {
    guard let path = paths.socketLink else { return nil }
    self.path = path
    folder = paths.directory
  }

  /// Makes it where it is missing.
  ///
  /// - Throws: ``LabHostError`` where something else has its name, `FileError`.
  func make() throws {
    if symlink(folder, path) == 0 { return }
    guard errno == EEXIST else { throw FileError("make the link \(path) to \(folder)") }
    guard isOwn else {
      throw LabHostError(
        .host,
        "\(path) is not pxelab's link to \(folder), whose own path is too long for a unix socket's: "
          + "remove it, or let PXELAB_STATE_HOME name a folder with a shorter path")
    }
  }

  /// Removes it, where it is there.
  ///
  /// - Throws: `FileError`.
  func remove() throws(FileError) {
    guard isOwn else { return }
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError("remove the link \(path)") }
  }

  /// Others may make what they like in /tmp.
  private var isOwn: Bool {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_uid == geteuid() else { return false }
    return (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) == folder
  }
}
