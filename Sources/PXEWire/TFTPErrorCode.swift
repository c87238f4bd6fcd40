/// The code of a TFTP ERROR packet (RFC 1350 appendix, RFC 2347).
package struct TFTPErrorCode: RawRepresentable, Hashable, Sendable, Codable {
  /// The number on the wire.
  package let rawValue: UInt16

  /// An error code from its number; any number is allowed.
  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  /// The file does not exist.
  package static let fileNotFound = TFTPErrorCode(rawValue: 1)
  /// The server may not read the file.
  package static let accessViolation = TFTPErrorCode(rawValue: 2)
  /// The options are refused. A client that only wanted to know the size ends with this too.
  package static let optionNegotiation = TFTPErrorCode(rawValue: 8)

  /// The meaning in the RFCs' words; `nil` for numbers that they do not define.
  package var meaning: String? {
    let names = [
      "not defined", "file not found", "access violation", "disk full",
      "illegal TFTP operation", "unknown transfer ID", "file already exists", "no such user",
      "option negotiation failed",
    ]
    return names.indices.contains(Int(rawValue)) ? names[Int(rawValue)] : nil
  }
}
