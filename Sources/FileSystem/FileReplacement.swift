import FoundationEssentials
import Glibc

/// What a file will hold. It has no name until it is whole, so whoever is killed meanwhile leaves
/// nothing behind (O_TMPFILE in open(2)); file systems that do not know this give it one beside the
/// file.
package struct FileReplacement: ~Copyable {
  private let descriptor: Int32
  private let path: String
  private var name: String?

  /// Nothing yet, in the folder of the file at a path.
  ///
  /// - Throws: ``FileError`` when no file can be made there.
  package init(of path: String) throws(FileError) {
    self.path = path
    let folder = Files.parent(of: path)
    let nameless = open(folder.isEmpty ? "/" : folder, Self.noName | O_RDWR | O_CLOEXEC, 0o600)
    if nameless >= 0 {
      descriptor = nameless
      name = nil
      return
    }
    var template: [CChar] = Array("\(path).XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else {
      name = nil
      throw FileError("write \(path)")
    }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    name = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if let name { unlink(name) }
  }

  /// Adds bytes.
  ///
  /// - Throws: ``FileError`` when not all of them could be written.
  package func write(_ bytes: Data) throws(FileError) {
    try OpenFile.write(bytes, to: descriptor, "write \(path)")
  }

  /// Puts it in the file's place, on the disk as a whole.
  ///
  /// - Parameter owner: whom the file is given to, where this process may.
  /// - Throws: ``FileError``, with the file as it was.
  package mutating func take(
    mode: mode_t, owner: (user: uid_t, group: gid_t)?
  ) throws(FileError) {
    if let owner { _ = fchown(descriptor, owner.user, owner.group) }
    guard fchmod(descriptor, mode) == 0, fsync(descriptor) == 0 else {
      throw FileError("write \(path)")
    }
    // By a rename also where there is no file yet: who watches a folder for whole files, as dnsmasq
    // its hosts, is told of that and not of a link (inotify(7)).
    while name == nil {
      let free = "\(path).\(Self.suffix())"
      if try link(to: free) { name = free }
    }
    guard let name, rename(name, path) == 0 else { throw FileError("write \(path)") }
    self.name = nil
  }

  /// Gives it a name; `false` when something has that name.
  private func link(to place: String) throws(FileError) -> Bool {
    let own = "/proc/self/fd/\(descriptor)"
    if linkat(AT_FDCWD, own, AT_FDCWD, place, AT_SYMLINK_FOLLOW) == 0 { return true }
    guard errno == EEXIST else { throw FileError("write \(path)") }
    return false
  }

  private static func suffix() -> String {
    String(UInt32.random(in: 0x100000...0xffffff), radix: 16)
  }

  /// O_TMPFILE of fcntl.h, which Swift does not import.
  private static let noName: Int32 = 0o20_000_000 | O_DIRECTORY
}
