/// Certificates in one text (RFC 7468).
package enum CertificateText {
  private static let end = "-----END CERTIFICATE-----"

  /// The certificates of a text, each as a text of its own that ends with a line break.
  package static func parts(of text: String) -> [String] {
    var parts: [String] = []
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
      lines.append(line)
      guard line == end else { continue }
      parts.append(lines.map { "\($0)\n" }.joined())
      lines = []
    }
    return parts
  }
}
