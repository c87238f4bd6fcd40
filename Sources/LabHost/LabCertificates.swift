import Execution
import ExternalCommand
import FileSystem
import Planning

/// Makes the certificates of a lab's HTTPS: its authority's when it is first needed, a server's with
/// each `up`.
struct LabCertificates: Sendable {
  let runner: any CommandRunner

  /// Makes key and certificate of a server, and those of its authority where there are none.
  ///
  /// - Throws: ``LabHostError`` when openssl is missing or fails, `FileError`.
  func make(_ certificate: ServerCertificate) async throws {
    try await make(certificate.authority)
    try await run(certificate.commands, certificate.request, key: certificate.key)
  }

  private func make(_ authority: CertificateAuthority) async throws {
    guard !Files.exists(authority.folder) else { return }
    try Files.makeParent(of: authority.folder)
    var new = authority
    new.folder = try Files.makeUniqueFolder("\(authority.folder).")
    do {
      try await run(new.commands, new.request, key: new.key)
      try Files.rename(new.folder, to: authority.folder)
    } catch {
      try Files.remove(new.folder)
      throw error
    }
  }

  private func run(
    _ commands: [Command], _ request: CertificateRequest, key: String
  ) async throws {
    try Files.write(request.text, to: request.path)
    do {
      for command in commands { try await runner.run(command) }
    } catch CommandError.missingProgram {
      throw LabHostError(
        .host,
        "openssl is not installed: it makes the certificates of HTTPS boot (package openssl)")
    } catch let error as CommandError {
      throw LabHostError(.lab, "\(error)")
    }
    try Files.setMode(0o600, of: key)
  }
}
