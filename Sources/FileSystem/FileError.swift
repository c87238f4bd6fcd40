import Glibc

/// A file operation that the system refused.
package struct FileError: Error, Sendable, CustomStringConvertible {
  /// What was attempted, as a verb phrase with the path.
  package let action: String
  /// The system's error number.
  package let errno: Int32

  /// The failure of `action`, by the current `errno` unless given.
  package init(_ action: String, errno: Int32 = Glibc.errno) {
    self.action = action
    self.errno = errno
  }

  /// The action and the system's reason.
  package var description: String { "cannot \(action): \(String(cString: strerror(errno)))" }
}
