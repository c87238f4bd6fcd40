import FileSystem

/// Why a write-ahead file cannot be used.
package enum StoreFileError: Error, CustomStringConvertible {
  /// Another process has the file open.
  case inUse(path: String)
  /// The file is not as it was written.
  case damaged(path: String, offset: Int, reason: String)
  /// The file was written by another version of this program.
  case otherVersion(path: String, version: Int)
  /// A file operation that the system refused.
  case system(FileError)

  /// What is wrong, and the way out.
  package var description: String {
    switch self {
    case .inUse(let path): "\(path) is in use by another process"
    case .damaged(let path, let offset, let reason):
      "\(path) is damaged at byte \(offset): \(reason); nothing of it was changed. Put a copy of it "
        + "back, or remove it to begin without objects"
    case .otherVersion(let path, let version):
      "\(path) has the format's version \(version), this program reads \(LogRecord.version)"
    case .system(let error): error.description
    }
  }
}
