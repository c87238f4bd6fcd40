/// Certificates in one text (RFC 7468).
package enum CertificateText {
  private static let end = "-----END CERTIFICATE-----"

  /// A certificate as it stands in a text with others: with a line break at its end, which some writers leave
  /// out.
  static func whole(_ certificate: String) -> String {
    parts(of: certificate).first ?? certificate
  }

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
