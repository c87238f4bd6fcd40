import Glibc

/// A folder that was opened, by which its end is known: a path may be another folder's by then.
package struct OpenFolder: ~Copyable {
  private let descriptor: Int32

  /// The folder at a path.
  ///
  /// - Throws: ``FileError``.
  package init(_ path: String) throws(FileError) {
    descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError("open \(path)") }
  }

  deinit { close(descriptor) }

  /// Whether it was removed; one that was renamed is there.
  package var isRemoved: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_nlink == 0
  }
}
