/// Names of objects (apimachinery, pkg/api/validation and apiserver, pkg/storage/names).
enum ObjectNames {
  /// What is wrong with a name; `nil` for a DNS subdomain (RFC 1123).
  static func objection(to name: String) -> String? {
    guard name.utf8.count <= 253 else { return "must be no more than 253 characters" }
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard !labels.allSatisfy(isLabel) else { return nil }
    let label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
    return "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-'"
      + " or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex"
      + " used for validation is '\(label)(\\.\(label))*')"
  }

  /// A name that nobody has, very likely: a prefix and five characters without vowels.
  static func generated(_ prefix: String) -> String {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("bcdfghjklmnpqrstvwxz2456789")
    let ending = (0..<5).compactMap { _ in letters.randomElement(using: &generator) }
    return String(prefix.prefix(58)) + String(ending)
  }

  private static func isLabel(_ bytes: Substring.UTF8View.SubSequence) -> Bool {
    func isLetterOrDigit(_ byte: UInt8?) -> Bool {
      byte.map { (0x30...0x39).contains($0) || (0x61...0x7a).contains($0) } ?? false
    }
    return isLetterOrDigit(bytes.first) && isLetterOrDigit(bytes.last)
      && bytes.allSatisfy { isLetterOrDigit($0) || $0 == UInt8(ascii: "-") }
  }
}
