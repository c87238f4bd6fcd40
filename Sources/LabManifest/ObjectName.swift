import Objects

/// RFC 1123 labels, which names of labs, machines and attachments must be; a cluster takes
/// subdomains: labels with dots between them.
package enum ObjectName {
  static let message =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and"
    + " must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex"
    + " used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

  /// Why a name is no label; `nil` when it is one.
  static func objection(to name: String) -> String? {
    if name.isEmpty { return "Required value: name is required" }
    guard isLabel(name.utf8) else {
      return "Invalid value: \(name.debugDescription): \(message)"
    }
    if name.utf8.count > 63 {
      return "Invalid value: \(name.debugDescription): must be no more than 63 characters"
    }
    return nil
  }

  /// Why a cluster refuses an object's name (apimachinery, pkg/api/validation, NameIsDNSSubdomain);
  /// `nil` when it takes it.
  static func objection(toSubdomain document: ManifestDocument) -> String? {
    let name = document.name
    if name.isEmpty {
      if document.root["metadata"]?["generateName"] != nil { return nil }
      return "Required value: name or generateName is required"
    }
    let labels = name.split(separator: ".", omittingEmptySubsequences: false)
    if labels.contains(where: { !isLabel($0.utf8) }) {
      return "Invalid value: \(name.debugDescription): a lowercase RFC 1123 subdomain must consist"
        + " of lower case alphanumeric characters, '-' or '.', and must start and end with an"
        + " alphanumeric character (e.g. 'example.com', regex used for validation is"
        + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"
        + (name.contains("${")
          ? ". This looks like a template (${...}): put the values in first:"
            + " envsubst < FILE | pxelab validate -" : "")
    }
    if name.utf8.count > 253 {
      return "Invalid value: \(name.debugDescription): must be no more than 253 characters"
    }
    return nil
  }

  /// Whether it has a label's characters; its length is not looked at.
  private static func isLabel(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
    func isLetterOrDigit(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
    guard let first = bytes.first, let last = bytes.last else { return false }
    return isLetterOrDigit(first) && isLetterOrDigit(last)
      && bytes.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
  }

  /// The nearest label to a text: lower case, other characters as dashes; empty when none is left.
  package static func label(from text: String) -> String {
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
