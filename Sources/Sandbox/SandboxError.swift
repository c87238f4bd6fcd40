import Glibc

/// Why the sandbox could not be furnished.
package struct SandboxError: Error, Sendable, CustomStringConvertible {
  /// What was attempted, as a verb phrase: "mount a tmpfs on /run".
  package let action: String
  /// The system's error number.
  package let errno: Int32
  /// The way out, where there is a known one.
  package let remedy: String?

  init(_ action: String, errno: Int32 = Glibc.errno, remedy: String? = nil) {
    self.action = action
    self.errno = errno
    self.remedy = remedy
  }

  /// The action, the system's reason and the way out.
  package var description: String {
    "cannot \(action): \(String(cString: strerror(errno)))" + (remedy.map { "; \($0)" } ?? "")
  }
}
