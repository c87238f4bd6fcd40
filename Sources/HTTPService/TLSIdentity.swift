import NIOSSL
import Synchronization

/// What a server shows its clients by TLS: a certificate and its key, which may change while it runs;
/// connections that are open keep the one that they began with.
package final class TLSIdentity: Sendable {
  private let context: Mutex<NIOSSLContext>

  /// An identity in PEM. TLS 1.2 is the least that is spoken.
  ///
  /// - Throws: ``HTTPServerError``.
  package init(certificate: String, key: String) throws(HTTPServerError) {
    context = Mutex(try Self.context(certificate, key))
  }

  /// Shows new clients another certificate.
  ///
  /// - Throws: ``HTTPServerError``; then the old one is still shown.
  package func change(certificate: String, key: String) throws(HTTPServerError) {
    let new = try Self.context(certificate, key)
    context.withLock { $0 = new }
  }

  /// The handler of a new connection.
  func makeHandler() -> NIOSSLServerHandler {
    NIOSSLServerHandler(context: context.withLock { $0 })
  }

  private static func context(
    _ certificate: String, _ key: String
  ) throws(HTTPServerError) -> NIOSSLContext {
    do {
      var configuration = TLSConfiguration.makeServerConfiguration(
        certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map {
          .certificate($0)
        },
        privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)))
      configuration.minimumTLSVersion = .tlsv12
      configuration.applicationProtocols = ["h2", "http/1.1"]
      return try NIOSSLContext(configuration: configuration)
    } catch {
      throw HTTPServerError(description: "the certificate cannot be used: \(error)")
    }
  }
}
