import FoundationEssentials
import Glibc

/// What is made of many files: links, copies, renames, and what lies where.
extension Files {
  /// The paths of all files and folders below a folder, relative to it, sorted; none when there is
  /// no such folder.
  package static func descendants(of folder: String) throws(FileError) -> [String] {
    guard exists(folder) else { return [] }
    return try attempt("list \(folder)") {
      try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
    }
  }

  /// The paths that a glob(7) matches, sorted by name.
  package static func matches(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }

  /// The size of a regular file in bytes, following links; `nil` when there is none.
  package static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// When a file was last written, in seconds since 1970; 0 for a file that is not there.
  package static func modificationTime(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
  }

  /// Copies a file.
  package static func copy(_ source: String, to path: String) throws(FileError) {
    try attempt("copy \(source) to \(path)") {
      try FileManager.default.copyItem(atPath: source, toPath: path)
    }
  }

  /// Renames, replacing a file or a link but not a folder that is not empty.
  package static func rename(_ path: String, to target: String) throws(FileError) {
    guard Glibc.rename(path, target) == 0 else { throw FileError("rename \(path) to \(target)") }
  }

  /// Returns when the name of what was made at a path is on disk.
  package static func synchronizeFolder(of path: String) throws(FileError) {
    let folder = parent(of: path)
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open the folder \(folder)") }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw FileError("write the folder \(folder)") }
  }

  /// Makes a symbolic link at a path.
  package static func link(_ path: String, to target: String) throws(FileError) {
    guard symlink(target, path) == 0 else { throw FileError("make the link \(path)") }
  }

  /// Sets the permissions of a file or folder.
  package static func setMode(_ mode: mode_t, of path: String) throws(FileError) {
    guard chmod(path, mode) == 0 else { throw FileError("set the mode of \(path)") }
  }

  /// A new folder with a name that begins with the given path.
  package static func makeUniqueFolder(_ prefix: String) throws(FileError) -> String {
    var template: [CChar] = Array("\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw FileError("make a folder beside \(prefix)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Makes the folder that a path lies in.
  package static func makeParent(of path: String, mode: Int = 0o700) throws(FileError) {
    try makeFolder(parent(of: path), mode: mode)
  }

  /// The absolute path without links in it; `nil` where it leads to nothing (realpath(3)).
  package static func real(_ path: String) -> String? {
    guard let real = realpath(path, nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }

  /// The path of the program that this process runs.
  ///
  /// - Throws: `FileError` when /proc is not there, or the program was removed.
  package static func ownExecutable() throws(FileError) -> String {
    guard let path = real("/proc/self/exe") else { throw FileError("read /proc/self/exe") }
    return path
  }

  /// The folder that a path lies in.
  package static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// The last component of a path.
  package static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }
}
