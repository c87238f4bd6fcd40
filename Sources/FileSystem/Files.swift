import FoundationEssentials
import Glibc

/// The few file operations that labs and images need, with errors that name the path.
package enum Files {
  /// Makes a folder and those of its parents that are missing, all with the mode, whatever the
  /// umask.
  package static func makeFolder(_ path: String, mode: Int = 0o700) throws(FileError) {
    if mkdir(path, mode_t(mode)) != 0 {
      let error = FileError("make the folder \(path)")
      if error.errno == EEXIST, isFolder(path) { return }
      let upper = parent(of: path)
      guard error.errno == ENOENT, !upper.isEmpty, upper != path else { throw error }
      try makeFolder(upper, mode: mode)
      // Somebody else may have made it meanwhile.
      guard mkdir(path, mode_t(mode)) == 0 || (errno == EEXIST && isFolder(path)) else {
        throw FileError("make the folder \(path)")
      }
    }
    guard chmod(path, mode_t(mode)) == 0 else { throw FileError("make the folder \(path)") }
  }

  /// Replaces a file as a whole: a reader sees the old text or the new, never half of it.
  package static func write(_ text: String, to path: String, mode: mode_t = 0o600) throws(FileError)
  {
    try write(Data(text.utf8), to: path, mode: mode)
  }

  /// Replaces a file as a whole: a reader sees the old bytes or the new, never half of them. A link
  /// stays, and what it leads to is replaced. A device or a pipe is written to as it is.
  ///
  /// - Parameter owner: whom the file is given to, where this process may; `nil` is its own user.
  package static func write(
    _ data: Data, to path: String, mode: mode_t = 0o600, owner: (user: uid_t, group: gid_t)? = nil
  ) throws(FileError) {
    var status = stat()
    var path = path
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else { return try send(data, to: path) }
      path = try resolved(path)
    }
    var replacement = try FileReplacement(of: path)
    try replacement.write(data)
    try replacement.take(mode: mode, owner: owner)
  }

  /// Writes to what is there and is no file, such as `/dev/null` or `/dev/stdout`.
  private static func send(_ data: Data, to path: String) throws(FileError) {
    try OpenFile(path, O_WRONLY).write(data)
  }

  /// The path without links in it.
  private static func resolved(_ path: String) throws(FileError) -> String {
    guard let real = realpath(path, nil) else { throw FileError("write \(path)") }
    defer { free(real) }
    return String(cString: real)
  }

  /// A file's whole content.
  package static func read(_ path: String) throws(FileError) -> Data {
    try OpenFile(path, O_RDONLY).readToEnd()
  }

  /// A file's whole content as UTF-8.
  package static func text(of path: String) throws(FileError) -> String {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw FileError("read \(path)", errno: EILSEQ)
    }
    return text
  }

  /// Removes a file or a folder with all that is in it; a missing one is no error.
  package static func remove(_ path: String) throws(FileError) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      guard exists(path) else { return }
      throw FileError("remove \(path)", errno: systemErrno(of: error))
    }
  }

  /// Whether something is at the path.
  package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The names in a folder, sorted; none when there is no such folder.
  ///
  /// - Throws: ``FileError`` when the folder cannot be read, or not be looked for.
  package static func names(in folder: String) throws(FileError) -> [String] {
    guard access(folder, F_OK) == 0 else {
      if errno == ENOENT { return [] }
      throw FileError("list \(folder)")
    }
    return try attempt("list \(folder)") {
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }
  }

  /// Whether a folder is at the path, or a link to one.
  package static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func attempt<Value>(
    _ action: String, _ body: () throws -> Value
  ) throws(FileError) -> Value {
    do {
      return try body()
    } catch {
      throw FileError(action, errno: systemErrno(of: error))
    }
  }

  private static func systemErrno(of error: any Error) -> Int32 {
    guard let error = error as? CocoaError else { return EIO }
    if let cause = error.underlying as? POSIXError { return cause.code.rawValue }
    return switch error.code {
    case .fileNoSuchFile, .fileReadNoSuchFile: ENOENT
    case .fileWriteNoPermission, .fileReadNoPermission: EACCES
    case .fileWriteOutOfSpace: ENOSPC
    case .fileWriteVolumeReadOnly: EROFS
    default: EIO
    }
  }
}
