/// Why a capture file cannot be read, or not further.
package struct CaptureFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: String, Hashable, Sendable {
    /// It is no capture, or one of a kind that is not read.
    case unsupported
    /// It contradicts its format.
    case damaged
    /// The system, or the compression, did not give its bytes.
    case unreadable
  }

  /// What is wrong.
  package var kind: Kind
  /// The file, as the reader was told.
  package var file: String
  /// Where the record or block that cannot be read begins, in bytes from the file's beginning
  /// (unpacked).
  package var offset: Int
  /// What is wrong there, and the way out if there is one.
  package var reason: String

  /// An error.
  package init(kind: Kind, file: String, offset: Int, reason: String) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.reason = reason
  }

  /// One line for a person.
  package var description: String {
    switch kind {
    case .unsupported, .unreadable: "\(file): \(reason)"
    case .damaged: "\(file): damaged at byte \(offset): \(reason)"
    }
  }
}
