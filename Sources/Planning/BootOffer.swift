import Addresses
import LabManifest
import PXEWire

/// What a server tells one kind of client to boot.
package struct BootOffer: Codable, Sendable, Hashable {
  /// A kind of client, by what its DHCP messages say.
  package enum Client: Codable, Sendable, Hashable {
    /// Firmware of an architecture (DHCP option 93, DHCPv6 option 61).
    case firmware(ClientArchitecture)
    /// iPXE, whatever has loaded it: it sends option 175 and the user class `iPXE`.
    case iPXE
  }

  /// Who is told.
  package var client: Client
  /// Whether it is told by DHCPv6.
  package var isIPv6: Bool
  /// What it is told: a path in the TFTP root, or a URL.
  package var bootFile: String
  /// Whether that is fetched by HTTP or HTTPS. Firmware takes a URL only from a server that calls
  /// itself `HTTPClient`.
  package var isHTTP: Bool
}

extension ClientArchitecture {
  /// Whether firmware of this kind boots by HTTP (IANA's processor architecture types, RFC 5970).
  var bootsByHTTP: Bool { (15...20).contains(rawValue) || [26, 28].contains(rawValue) }
}

extension ServerPlan {
  /// What each kind of client is offered, in a fixed order.
  package var offers: [BootOffer] {
    methods.flatMap(firmwareOffers) + iPXEOffers
  }

  private func firmwareOffers(_ method: BootMethod) -> [BootOffer] {
    bootFiles.sorted { $0.key < $1.key }.compactMap { number, file in
      guard let raw = UInt16(exactly: number) else { return nil }
      let architecture = ClientArchitecture(rawValue: raw)
      guard architecture.bootsByHTTP == (method.scheme != nil) else { return nil }
      return BootOffer(
        client: .firmware(architecture), isIPv6: method.isIPv6,
        bootFile: location(of: file, by: method), isHTTP: method.scheme != nil)
    }
  }

  /// The methods say how firmware boots; iPXE, once it runs, gets its script by IPv4 in any case.
  /// The distributions' iPXE trusts no authority of a lab's, so it is never sent to HTTPS.
  private var iPXEOffers: [BootOffer] {
    guard let file = iPXEBootFile else { return [] }
    let families: [(tftp: BootMethod, http: BootMethod)] = [(.pxev4, .httpv4), (.pxev6, .httpv6)]
    return families.compactMap { tftp, http in
      guard !tftp.isIPv6 || methods.contains(where: \.isIPv6) else { return nil }
      let method = methods.contains(tftp) ? tftp : http
      return BootOffer(
        client: .iPXE, isIPv6: tftp.isIPv6, bootFile: location(of: file, by: method),
        isHTTP: method.scheme != nil)
    }
  }

  /// A file as a client is told of it.
  func location(of file: String, by method: BootMethod) -> String {
    let path = file.drop { $0 == "/" }
    let host = method.isIPv6 ? ipv6.map { "[\($0.address)]" } : "\(address.address)"
    guard method != .pxev4, let host else { return file }
    return "\(method.scheme ?? "tftp")://\(host)/\(path)"
  }

  /// What a machine is told first by one of the methods.
  func bootFile(of client: BootOffer.Client, by method: BootMethod) -> String? {
    offers.first {
      $0.client == client && $0.isIPv6 == method.isIPv6 && $0.isHTTP == (method.scheme != nil)
    }?.bootFile
  }
}
