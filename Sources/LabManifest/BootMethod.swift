/// A way by which firmware boots from the network, as UEFI firmware names its boot entries: PXE
/// fetches the NBP by TFTP (RFC 4578), HTTP boot by HTTP or HTTPS (UEFI 2.10, section 24.7).
package enum BootMethod: String, CaseIterable, Codable, Hashable, Sendable {
  /// DHCP and TFTP.
  case pxev4
  /// DHCP and HTTP.
  case httpv4
  /// DHCP and HTTPS, with a certificate of the lab's own authority.
  case httpsv4
  /// DHCPv6 and TFTP.
  case pxev6
  /// DHCPv6 and HTTP.
  case httpv6
  /// DHCPv6 and HTTPS.
  case httpsv6

  /// Whether it runs over IPv6.
  package var isIPv6: Bool { self == .pxev6 || self == .httpv6 || self == .httpsv6 }
  /// The scheme of its URLs; `nil` for TFTP, whose IPv4 clients are told a plain path.
  package var scheme: String? {
    switch self {
    case .pxev4, .pxev6: nil
    case .httpv4, .httpv6: "http"
    case .httpsv4, .httpsv6: "https"
    }
  }

  /// Whether the NBP comes over TLS.
  package var isSecured: Bool { scheme == "https" }

  /// What a server boots by when lab.yaml does not say.
  package static let usual: [BootMethod] = [.pxev4, .httpv4]
}
