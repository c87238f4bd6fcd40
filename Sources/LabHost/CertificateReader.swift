import Execution
import ExternalCommand
import FileSystem
import Firmware
import FoundationEssentials

/// Reads certificates with the openssl program, which a lab's keys are made with too.
package struct CertificateReader: Sendable {
  private let runner: any CommandRunner

  /// A reader that has openssl run.
  package init(runner: any CommandRunner) {
    self.runner = runner
  }

  /// What a person wants to know of a certificate.
  struct Certificate: Hashable, Sendable {
    var subject: String
    var issuer: String
    /// SHA-256 of the DER form, lower-case hexadecimal.
    var sha256: String
  }

  /// A line or more for each signature of a database.
  package func lines(of database: SignatureDatabase) async throws -> [String] {
    var lines: [String] = []
    for (kind, signature) in database.signatures {
      let owner = "owner \(signature.owner)"
      switch kind {
      case .x509:
        guard let certificate = try await read(der: signature.data) else {
          lines.append(
            "certificate that openssl cannot read, \(signature.data.count) bytes, \(owner)")
          continue
        }
        lines += [
          "certificate \(certificate.subject)", "  issuer    \(certificate.issuer)",
          "  SHA-256   \(certificate.sha256)", "  owner     \(signature.owner)",
        ]
      case .sha256: lines.append("SHA-256     \(signature.data.hexadecimalText), \(owner)")
      case .x509SHA256:
        lines.append("certificate's SHA-256  \(signature.data.hexadecimalText), \(owner)")
      case .other(let guid):
        lines.append("signature of kind \(guid), \(signature.data.count) bytes, \(owner)")
      }
    }
    return lines
  }

  /// A certificate in DER; `nil` when openssl cannot read it.
  func read(der: [UInt8]) async throws -> Certificate? {
    do {
      let output = try await runner.run(
        Command(
          "openssl",
          [
            "x509", "-noout", "-subject", "-issuer", "-fingerprint", "-sha256", "-nameopt",
            "RFC2253,-esc_msb,utf8",
          ], input: Self.pem(der)))
      return Self.certificate(output)
    } catch CommandError.failed { return nil }
  }

  /// The certificates of a file, in DER.
  ///
  /// - Throws: ``LabHostError`` when there is none, `FileError`.
  func certificates(in path: String) throws -> [[UInt8]] {
    let certificates = Self.certificates([UInt8](try Files.read(path)))
    guard !certificates.isEmpty else {
      throw LabHostError(.request, "\(path): no certificate in PEM or DER")
    }
    return certificates
  }

  static func certificate(_ output: String) -> Certificate? {
    var fields: [Substring: String] = [:]
    for line in output.split(separator: "\n") {
      guard let equals = line.firstIndex(of: "=") else { continue }
      fields[line[..<equals]] = String(line[line.index(after: equals)...])
    }
    guard let subject = fields["subject"], let issuer = fields["issuer"],
      let print = fields.first(where: { $0.key.lowercased().hasPrefix("sha256") })?.value
    else { return nil }
    return Certificate(
      subject: subject, issuer: issuer,
      sha256: print.replacing(":", with: "").lowercased())
  }

  /// The text form (RFC 7468).
  static func pem(_ der: [UInt8]) -> String {
    let text = Data(der).base64EncodedString(options: [
      .lineLength64Characters, .endLineWithLineFeed,
    ])
    return "-----BEGIN CERTIFICATE-----\n\(text)\n-----END CERTIFICATE-----\n"
  }

  /// The certificates in a file, PEM or DER, in DER.
  static func certificates(_ bytes: [UInt8]) -> [[UInt8]] {
    guard let text = String(validating: bytes, as: UTF8.self),
      text.contains("-----BEGIN CERTIFICATE-----")
    else { return bytes.first == 0x30 ? [bytes] : [] }
    return text.components(separatedBy: "-----BEGIN CERTIFICATE-----").dropFirst().compactMap {
      let body = $0.components(separatedBy: "-----END CERTIFICATE-----")[0]
      return Data(base64Encoded: body, options: .ignoreUnknownCharacters).map { [UInt8]($0) }
    }
  }
}

extension [UInt8] {
  /// Pairs of lower-case digits.
  package var hexadecimalText: String {
    map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
