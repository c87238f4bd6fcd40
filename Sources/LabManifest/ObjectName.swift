import Manifest

/// RFC 1123 labels, which names of labs, machines and attachments must be.
enum ObjectName {
  static let message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
    + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex"
    + " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

  /// Why a name is no label; `nil` when it is one.
  static func objection(to name: String) -> String? {
    if name.isEmpty { return "Required value: name is required" }
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    let bytes = Array(name.utf8)
    guard bytes.allSatisfy({ isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }),
      let first = bytes.first, let last = bytes.last, isLetterOrDigit(first),
      isLetterOrDigit(last)
    else { return "Invalid value: \(name.debugDescription): \(message)" }
    if bytes.count > 63 {
      return "Invalid value: \(name.debugDescription): must be no more than 63 characters"
    }
    return nil
  }

  /// The nearest label to a text: lower case, other characters as dashes; empty when none is left.
  static func label(from text: String) -> String {
    let mapped = text.lowercased().unicodeScalars.map { scalar -> Character in
      switch scalar {
      case "a"..."z", "0"..."9": Character(scalar)
      default: "-"
      }
    }
    let trimmed = String(mapped.prefix(63))
    let start = trimmed.drop { $0 == "-" }
    guard let last = start.lastIndex(where: { $0 != "-" }) else { return "" }
    return String(start[...last])
  }
}
