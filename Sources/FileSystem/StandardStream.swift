import FoundationEssentials
import Glibc

/// A standard stream of this process, written to without a buffer: what could not be written is an
/// error at once, and never the end of the process.
package struct StandardStream: Sendable {
  /// Standard output.
  package static let output = StandardStream(descriptor: STDOUT_FILENO, name: "standard output")
  /// Standard error.
  package static let error = StandardStream(descriptor: STDERR_FILENO, name: "standard error")

  private let descriptor: Int32
  private let name: String

  /// Writes text as UTF-8.
  ///
  /// - Throws: ``FileError`` when not all of it could be written.
  package func write(_ text: String) throws(FileError) {
    try write(Data(text.utf8))
  }

  /// Writes bytes.
  ///
  /// - Throws: ``FileError`` when not all of them could be written.
  package func write(_ bytes: Data) throws(FileError) {
    try OpenFile.write(bytes, to: descriptor, "write to \(name)")
  }

  /// All of standard input.
  ///
  /// - Throws: ``FileError`` when it cannot be read, as where it is a folder.
  package static func input() throws(FileError) -> Data {
    try OpenFile.readToEnd(of: STDIN_FILENO, "read standard input")
  }

  /// Makes sure that no file which this process opens takes the place of a standard stream that was
  /// closed: the stream stays one that cannot be used.
  package static func reserve() {
    for (descriptor, access) in [
      (STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY),
    ] where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free one is this one.
      _ = open("/dev/null", access)
    }
  }
}
