import Execution
import ExternalCommand
import FileSystem
import Firmware
import Planning

/// A lab's own keys of Secure Boot: made when they are first needed, and kept with its variable
/// stores until `down --purge`.
package struct LabKeys: Sendable {
  private let paths: LabPaths
  private let runner: any CommandRunner

  /// The keys of the lab with these paths.
  package init(paths: LabPaths, runner: any CommandRunner) {
    self.paths = paths
    self.runner = runner
  }

  /// The keys; `db` signs.
  private static let names = ["PK", "KEK", "db"]

  private var folder: String { "\(paths.stores)/keys" }

  /// The certificate of what may boot, for others to trust.
  var certificate: String { "\(folder)/db.crt" }

  /// Makes the keys where there are none.
  ///
  /// - Throws: ``LabHostError`` when openssl is missing or fails, `FileError`.
  func make() async throws {
    guard !Files.exists(folder) else { return }
    try Files.makeFolder(paths.stores)
    let new = try Files.makeUniqueFolder("\(paths.stores)/.keys.")
    do {
      for name in Self.names {
        try await run(
          Command(
            "openssl",
            [
              "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-sha256", "-days", "3650",
              "-subj", "/CN=pxelab lab \(Files.name(of: paths.stores)) \(name)",
              "-keyout", "\(new)/\(name).key", "-out", "\(new)/\(name).crt",
            ]), package: "openssl")
        try Files.setMode(0o600, of: "\(new)/\(name).key")
      }
      try Files.rename(new, to: folder)
    } catch {
      try Files.remove(new)
      throw error
    }
  }

  /// What enrols the keys, which are made where there are none.
  ///
  /// - Throws: ``LabHostError`` when openssl is missing or fails, `FileError`.
  package func enrollment() async throws -> KeyEnrollment {
    try await make()
    let reader = CertificateReader(runner: runner)
    let certificates = try Self.names.map { try reader.certificates(in: "\(folder)/\($0).crt") }
    return KeyEnrollment(
      platformKey: certificates[0].first, keyExchangeKeys: certificates[1],
      allowed: certificates[2].map { .certificate($0) })
  }

  /// Signs a file, which may be a link, with the lab's key; signatures that it has stay.
  ///
  /// - Throws: ``LabHostError`` when sbsign is missing or the file is no image.
  func sign(_ path: String) async throws {
    try await make()
    let signed = "\(path).signed"
    try await run(
      Command(
        "sbsign",
        ["--key", "\(folder)/db.key", "--cert", certificate, "--output", signed, path]),
      package: "sbsigntool")
    try Files.setMode(0o644, of: signed)
    try Files.rename(signed, to: path)
  }

  private func run(_ command: Command, package: String) async throws {
    do {
      try await runner.run(command)
    } catch CommandError.missingProgram {
      throw LabHostError(
        .host, "\(command.program) is not installed: it signs for Secure Boot (package \(package))")
    } catch let error as CommandError {
      throw LabHostError(.lab, "\(error)")
    }
  }
}
