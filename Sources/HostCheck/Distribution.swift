/// A family of Linux distributions, by how packages are named and installed.
package enum Distribution: String, Codable, Hashable, Sendable {
  /// Debian, Ubuntu and their kin: apt.
  case debian
  /// Fedora, CentOS Stream, RHEL and their kin: dnf.
  case fedora
  /// Something else; both names are given.
  case other

  /// The family that an os-release file names (os-release(5), `ID` and `ID_LIKE`).
  package init(osRelease: String) {
    var identifiers: [Substring] = []
    for line in osRelease.split(separator: "\n") {
      for key in ["ID=", "ID_LIKE="] where line.hasPrefix(key) {
        let value = line.dropFirst(key.count).filter { $0 != "\"" && $0 != "'" }
        identifiers += Substring(value).split(separator: " ")
      }
    }
    if identifiers.contains(where: { ["debian", "ubuntu"].contains($0) }) {
      self = .debian
    } else if identifiers.contains(where: { ["fedora", "rhel", "centos"].contains($0) }) {
      self = .fedora
    } else {
      self = .other
    }
  }

  /// What a system calls itself (os-release(5), `PRETTY_NAME`); `nil` when the file does not say.
  package static func title(osRelease: String) -> String? {
    let key = "PRETTY_NAME="
    let line = osRelease.split(separator: "\n").first { $0.hasPrefix(key) }
    return line.map { $0.dropFirst(key.count).filter { $0 != "\"" && $0 != "'" } }
  }

  /// The command that installs packages here.
  ///
  /// - Parameter packages: each package's names, as the families call it.
  package func installCommand(_ packages: [PackageName]) -> String {
    func names(_ name: KeyPath<PackageName, String>) -> String {
      Set(packages.map { $0[keyPath: name] }).sorted().joined(separator: " ")
    }
    let apt = "sudo apt-get install \(names(\.debian))"
    let dnf = "sudo dnf install \(names(\.fedora))"
    return switch self {
    case .debian: apt
    case .fedora: dnf
    case .other: "\(apt) (Debian), \(dnf) (Fedora)"
    }
  }
}

/// One package as the distribution families call it.
package struct PackageName: Codable, Hashable, Sendable {
  /// Its name in Debian and Ubuntu.
  package var debian: String
  /// Its name in Fedora.
  package var fedora: String

  /// A package of two names.
  package init(debian: String, fedora: String) {
    self.debian = debian
    self.fedora = fedora
  }
}
