import Addresses
import FileSystem
import FoundationEssentials
import Glibc
import HTTPService
import LabAuthority
import Planning
import Reconciliation

/// How clients that are not pxelab's reach the API: a TCP port of 127.0.0.1, TLS with a certificate of
/// the lab's own authority, and a token. All three are in a kubeconfig that only the lab's owner reads.
struct ForeignAccess: Sendable {
  /// Where to listen: at the port outside of the sandbox.
  let address: ServerAddress
  /// The same port inside of it.
  let addressInside: ServerAddress
  /// What is shown to clients there.
  let certificate: ServedCertificate
  private let token: [UInt8]

  /// How long an authority and its certificates are good: longer than a lab.
  private static let lifetime: TimeInterval = 10 * 365 * 86_400
  /// Clocks of clients may be behind by so much.
  private static let slack: TimeInterval = 3600

  /// Makes the files where they are not there yet, and a certificate.
  ///
  /// - Parameter descriptor: a socket that listens.
  /// - Returns: `nil` when the descriptor is no such socket.
  /// - Throws: `FileError`, `HTTPServerError`, and what the certificates' encoding says.
  init?(on descriptor: Int32, _ paths: LabPaths, lab: String) throws {
    guard let port = Self.port(of: descriptor) else { return nil }
    try Files.makeFolder(paths.access)
    let now = Date()
    let authority = try Self.authority(in: paths.access, lab: lab, now: now)
    let kept = try authority.kept()
    let token = try Self.token(in: paths.access)
    let signed = try authority.sign(
      server: "pxelab-\(lab)", names: ["localhost", "kubernetes", "kubernetes.default"],
      addresses: [[127, 0, 0, 1]], from: now - Self.slack, until: now + Self.lifetime)
    let identity = try TLSIdentity(certificate: signed.certificate, key: signed.key)
    address = .listening(descriptor: descriptor, identity)
    addressInside = .tcp(
      address: .v4(IPv4Address(rawValue: 0x7f00_0001)), port: port, identity)
    certificate = ServedCertificate(identity: identity, authority: authority, own: signed)
    self.token = Array(token.utf8)
    let configuration = ClientConfiguration(
      lab: lab, server: "https://127.0.0.1:\(port)", authority: kept.certificate, token: token)
    try Files.write(configuration.text, to: paths.kubeconfig)
  }

  /// The refusal of a request that does not say the token, before its body is read.
  func refusal(of fields: HTTPFields) -> (status: Int, text: String)? {
    let prefix = "Bearer "
    guard let said = fields["Authorization"], said.hasPrefix(prefix) else {
      return (401, "Unauthorized")
    }
    let bytes = Array(said.utf8.dropFirst(prefix.utf8.count))
    // All bytes are compared, whatever the first ones are: the time says nothing of the token.
    let differences = zip(bytes, token).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
    return bytes.count == token.count && differences == 0 ? nil : (401, "Unauthorized")
  }

  private static func authority(
    in folder: String, lab: String, now: Date
  ) throws -> SigningAuthority {
    let (certificate, key) = ("\(folder)/authority.crt", "\(folder)/authority.key")
    if Files.exists(certificate) {
      return try SigningAuthority(
        IssuedCertificate(
          certificate: try Files.text(of: certificate), key: try Files.text(of: key)))
    }
    let authority = try SigningAuthority(
      name: "pxelab-\(lab)-authority", from: now - slack, until: now + lifetime, endorses: true)
    let kept = try authority.kept()
    try Files.write(kept.key, to: key)
    try Files.write(kept.certificate, to: certificate)
    return authority
  }

  private static func token(in folder: String) throws -> String {
    let path = "\(folder)/token"
    if Files.exists(path) { return try Files.text(of: path) }
    var generator = SystemRandomNumberGenerator()
    let token = (0..<4).map { _ in
      let digits = String(generator.next(), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
    try Files.write(token, to: path)
    return token
  }

  /// The port that a socket listens at.
  private static func port(of descriptor: Int32) -> UInt16? {
    var isListening: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0,
      isListening == 1
    else { return nil }
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let answered = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard answered == 0, address.sin_family == sa_family_t(AF_INET) else { return nil }
    return UInt16(bigEndian: address.sin_port)
  }
}
