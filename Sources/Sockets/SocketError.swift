import Glibc

/// What a socket was asked for was refused, or its other end is gone.
package struct SocketError: Error, Sendable, CustomStringConvertible {
  /// The system's error number; `nil` where it did not say one.
  package let code: Int32?
  /// Why, in lower case and without a full stop.
  package let reason: String

  /// What the system said.
  package init(_ code: Int32) {
    self.code = code
    reason = String(cString: strerror(code)).lowercased()
  }

  /// What the system did not say.
  package init(reason: String) {
    code = nil
    self.reason = reason
  }

  /// The reason.
  package var description: String { reason }
}
