import Execution
import ExternalCommand
import FileSystem
import Firmware
import FoundationEssentials

/// What a person gives for `db` and `dbx`: a hash, a certificate's file, or an image.
package struct SignatureSource: Sendable {
  private let runner: any CommandRunner

  /// A source that has openssl and sha256sum run.
  package init(runner: any CommandRunner) {
    self.runner = runner
  }

  /// The items that a text stands for: 64 hexadecimal digits, or a file with certificates in PEM or
  /// DER, or an image, which stands for its hash.
  ///
  /// - Throws: ``LabHostError``, `FileError`.
  package func items(_ text: String) async throws -> [KeyEnrollment.Item] {
    if text.count == 64, let hash = [UInt8](hexadecimal: text) { return [.sha256(hash)] }
    let bytes = [UInt8](try Files.read(text))
    if bytes.starts(with: [0x4d, 0x5a]) {
      return [.sha256(try await imageHash(bytes, path: text))]
    }
    return try await certificates(text).map { .certificate($0) }
  }

  /// The certificates of a file, in DER, each one that openssl can read.
  ///
  /// - Throws: ``LabHostError``, `FileError`.
  package func certificates(_ path: String) async throws -> [[UInt8]] {
    let reader = CertificateReader(runner: runner)
    let certificates = try reader.certificates(in: path)
    for certificate in certificates where try await reader.read(der: certificate) == nil {
      throw LabHostError(.request, "\(path): openssl reads no certificate in it")
    }
    return certificates
  }

  /// The hash of an image's signed parts.
  private func imageHash(_ image: [UInt8], path: String) async throws -> [UInt8] {
    let hashed: [UInt8]
    do {
      hashed = try AuthenticodeImage.hashedBytes(of: image)
    } catch {
      throw LabHostError(.request, "\(path): \(error)")
    }
    let folder = try Files.makeUniqueFolder(
      "\(FileManager.default.temporaryDirectory.path)/pxelab-image-")
    defer { try? Files.remove(folder) }
    try Files.write(Data(hashed), to: "\(folder)/image")
    let output = try await runner.run(Command("sha256sum", ["--zero", "--", "\(folder)/image"]))
    guard let hash = [UInt8](hexadecimal: String(output.prefix(64))), hash.count == 32 else {
      throw LabHostError(.host, "sha256sum said \(output.debugDescription)")
    }
    return hash
  }
}
