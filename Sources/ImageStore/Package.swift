/// A distribution package that files of an image come from, in one exact version.
package struct Package: Sendable, Hashable, Codable {
  /// What the image's definition calls it.
  package var name: String
  /// The package's name in the archive.
  package var package: String
  /// The version, epoch included.
  package var version: String
  /// The Debian architecture.
  package var architecture: String
  /// SHA-256 of the .deb, lower-case hexadecimal.
  package var sha256: String
  /// Whether that sum was held against one that the archive has signed, or that the definition
  /// lists; false for a .deb that was only found in the cache folder.
  package var verified: Bool

  /// The name of its file as apt writes it: `:` of the epoch escaped.
  var fileName: String {
    "\(package)_\(version.split(separator: ":").joined(separator: "%3a"))_\(architecture).deb"
  }
}

/// A paragraph of `apt-cache show`.
struct PackageStanza {
  var package: String
  var version: String
  var architecture: String
  var sha256: String
  var dependencies: [String]

  /// The paragraphs of packages that can be downloaded. One that is merely installed has neither
  /// Filename nor SHA256.
  static func all(in output: String) -> [PackageStanza] {
    var stanzas: [PackageStanza] = []
    var fields: [String: String] = [:]
    let lines: [Substring] = output.split(separator: "\n", omittingEmptySubsequences: false)
    for line in lines + [""] {
      if line.isEmpty {
        if let stanza = PackageStanza(fields) { stanzas.append(stanza) }
        fields = [:]
      } else if !line.hasPrefix(" "), let colon = line.firstIndex(of: ":") {
        fields[String(line[..<colon])] = String(line[colon...].dropFirst(2))
      }
    }
    return stanzas
  }

  private init?(_ fields: [String: String]) {
    guard let package = fields["Package"], let version = fields["Version"],
      let architecture = fields["Architecture"], let sha256 = fields["SHA256"],
      fields["Filename"] != nil
    else { return nil }
    self.package = package
    self.version = version
    self.architecture = architecture
    self.sha256 = sha256
    // Alternatives count as dependencies of their own; version conditions do not matter here.
    self.dependencies = (fields["Depends"] ?? "").split { $0 == "," || $0 == "|" }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }
}
