import FoundationEssentials
import Glibc

/// The file operations that the store needs, each with an error that names the path.
enum Files {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The size of a regular file in bytes, following links; `nil` when there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  /// Seconds since 1970; 0 for a file that is not there.
  static func modificationTime(of path: String) -> Int {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0
  }

  /// The names in a folder, sorted; none when it cannot be read.
  static func entries(of folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  /// The paths of all files below a folder, relative to it.
  static func descendants(of folder: String) -> [String] {
    ((try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []).sorted()
  }

  static func text(of path: String) throws -> String {
    try attempt("read", path) { try String(contentsOfFile: path, encoding: .utf8) }
  }

  static func bytes(of path: String) throws -> [UInt8] {
    try attempt("read", path) { [UInt8](try Data(contentsOf: URL(filePath: path))) }
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    try makeFolder(parent(of: path))
    try attempt("write", path) { try Data(bytes).write(to: URL(filePath: path)) }
  }

  static func makeFolder(_ path: String) throws {
    try attempt("make the folder", path) {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
  }

  static func copy(_ source: String, to path: String) throws {
    try makeFolder(parent(of: path))
    try attempt("copy \(source) to", path) {
      try FileManager.default.copyItem(atPath: source, toPath: path)
    }
  }

  static func remove(_ path: String) throws {
    try attempt("remove", path) { try FileManager.default.removeItem(atPath: path) }
  }

  /// Renames, replacing a file or a link but not a folder that is not empty.
  static func rename(_ path: String, to target: String) throws {
    guard Glibc.rename(path, target) == 0 else { throw failure("rename \(path) to", target) }
  }

  static func link(_ path: String, to target: String) throws {
    try makeFolder(parent(of: path))
    guard symlink(target, path) == 0 else { throw failure("make the link", path) }
  }

  static func setMode(_ mode: mode_t, of path: String) throws {
    guard chmod(path, mode) == 0 else { throw failure("set the mode of", path) }
  }

  /// A new folder with a name that begins with the given path.
  static func makeUniqueFolder(_ prefix: String) throws -> String {
    var template: [CChar] = Array("\(prefix)XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw failure("make a folder beside", prefix) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The paths that a glob matches, sorted by name.
  static func matches(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { index in
      found.gl_pathv[index].map { String(cString: $0) }
    }
  }

  static func parent(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  static func name(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
  }

  private static func attempt<Value>(
    _ doing: String, _ path: String, _ body: () throws -> Value
  ) throws -> Value {
    do {
      return try body()
    } catch {
      let reason = (error as? CocoaError)?.underlying ?? error
      throw ImageError.file(path, doing: doing, reason: "\(reason)")
    }
  }

  private static func failure(_ doing: String, _ path: String) -> ImageError {
    .file(path, doing: doing, reason: String(cString: strerror(errno)))
  }
}

extension CocoaError {
  fileprivate var underlying: (any Error)? {
    userInfo["NSUnderlyingError"] as? any Error
  }
}
