import Addresses

/// A disk on a storage network that DHCP names in its root path (option 17), as iPXE's `sanboot` and
/// RFC 4173 spell it.
package struct SANPath: Codable, Hashable, Sendable {
  /// The text as DHCP has it.
  package let text: String
  /// `iscsi`, `aoe`, `fcp`, `ib_srp`, `http` or another scheme of iPXE, lower case.
  package let scheme: String
  /// The server's name or address, of iSCSI and HTTP.
  package let host: String?
  /// The server's TCP port, of iSCSI.
  package let port: UInt16
  /// The target's name, of iSCSI: `iqn.2026-01.example:disk1`.
  package let target: String?

  /// The port of iSCSI (RFC 7143 section 13).
  package static let iscsiPort: UInt16 = 3260
  private static let schemes: Set = [
    "iscsi", "aoe", "fcoe", "fcp", "fc", "ib_srp", "srp", "http", "https", "nvme+tcp",
  ]

  /// Reads a root path; `nil` for one that names no disk, such as a folder of an NFS server.
  package init?(_ rootPath: String) {
    guard let colon = rootPath.firstIndex(of: ":") else { return nil }
    let scheme = rootPath[..<colon].lowercased()
    guard Self.schemes.contains(scheme) else { return nil }
    text = rootPath
    self.scheme = scheme
    var rest = rootPath[rootPath.index(after: colon)...]
    guard scheme == "iscsi" else {
      host = ClientTrace.host(ofURL: rootPath)
      port = scheme == "https" ? 443 : 80
      target = nil
      return
    }
    // iscsi:SERVER:PROTOCOL:PORT:LUN:TARGET
    let server: Substring
    if rest.first == "[", let end = rest.firstIndex(of: "]") {
      server = rest[rest.index(after: rest.startIndex)..<end]
      rest = rest[rest.index(after: end)...].drop { $0 == ":" }
    } else {
      server = rest.prefix { $0 != ":" }
      rest = rest.dropFirst(server.count).dropFirst()
    }
    let fields = rest.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
    host = server.isEmpty ? nil : String(server)
    port = fields.count > 1 ? UInt16(fields[1]) ?? Self.iscsiPort : Self.iscsiPort
    target = fields.count == 4 && !fields[3].isEmpty ? String(fields[3]) : nil
  }

  /// Whether it is spelled so that a client can use it: an iSCSI path has a server and a target.
  package var isComplete: Bool { scheme != "iscsi" || (host != nil && target != nil) }
}
