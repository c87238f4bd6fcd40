import Addresses
import PXEWire

extension ClientTrace {
  /// How many frames came from it.
  package var frames: Int { framesByVLAN.values.reduce(0, +) }

  /// The VLANs that its frames were on, in order; `nil` stands first for untagged ones.
  package var vlans: [VLANID?] {
    framesByVLAN.keys.sorted().map { VLANID(rawValue: UInt16(truncatingIfNeeded: $0)) }
  }

  /// The last exchange that a server ended with an ACK and an address.
  package var leased: DHCPExchange? {
    exchanges.last { $0.acks.contains { $0.address != nil } }
      ?? exchanges.last { !$0.isBootServerDiscovery && !$0.acks.isEmpty }
  }

  /// The first exchange that ended with an ACK naming a boot file: the firmware's.
  package var bootLease: DHCPExchange? {
    exchanges.first { $0.acks.contains { $0.bootFile != nil } }
      ?? exchanges.first { !$0.acks.isEmpty }
  }

  /// The network boot program's name, as the firmware's ACK or, from a proxyDHCP server, its OFFER
  /// has it; else the path of the first DHCPv6 boot file URL.
  package var bootFile: String? {
    if let lease = bootLease,
      let file = lease.acks.compactMap(\.bootFile).first
        ?? lease.offers.compactMap(\.bootFile).first
    {
      return file
    }
    let url = exchangesV6.lazy.flatMap { $0.replies + $0.advertises }.compactMap(\.bootFileURL)
      .first
    return url.map(Self.path(ofURL:))
  }

  /// The names and URLs that DHCP gave it as its boot file, in every reply, over IPv4 and then IPv6.
  var namedBootFiles: [String] {
    exchanges.flatMap { $0.offers + $0.acks }.compactMap(\.bootFile)
      + exchangesV6.flatMap { $0.advertises + $0.replies }.compactMap(\.bootFileURL)
  }

  /// The servers that DHCP named to it: those that answered and those with the boot file.
  package var bootServers: Set<IPAddress> {
    var servers: Set<IPAddress> = []
    for exchange in exchanges {
      for reply in exchange.offers + exchange.acks {
        servers.insert(.v4(reply.server))
        servers.insert(.v4(reply.bootServer))
        for address in reply.bootServerList { servers.insert(.v4(address)) }
        if let address = reply.tftpServerName.flatMap({ IPv4Address($0) }) {
          servers.insert(.v4(address))
        }
        for host in [reply.bootFile.flatMap(Self.host(ofURL:)), reply.sanPath?.host] {
          if let address = host.flatMap({ IPAddress($0) }) { servers.insert(address) }
        }
      }
    }
    for transfer in httpTransfers {
      let host = transfer.location.flatMap(Self.host(ofURL:))
      if let address = host.flatMap({ IPAddress($0) }) { servers.insert(address) }
    }
    for exchange in exchangesV6 {
      for reply in exchange.advertises + exchange.replies {
        servers.insert(.v6(reply.source))
        if let host = reply.bootFileURL.flatMap(Self.host(ofURL:)), let address = IPAddress(host) {
          servers.insert(address)
        }
      }
    }
    return servers
  }

  /// Whether it has exchanged anything with DHCP, of either family.
  var hasExchanges: Bool { !exchanges.isEmpty || !exchangesV6.isEmpty }

  /// Whether anything of it bears on booting or getting an address.
  package var hasConversation: Bool {
    hasExchanges || !transfers.isEmpty || !httpTransfers.isEmpty
  }

  /// The transfers of a file, without those that only asked its size.
  package func transfers(of file: String) -> [TFTPTransfer] {
    transfers.filter { $0.state != .sizeOnly && Self.isSame($0.file, file) }
  }

  /// The transfers of a file by HTTP, without those that only asked its size.
  package func httpTransfers(of file: String) -> [HTTPTransfer] {
    httpTransfers.filter { transfer in
      transfer.method != "HEAD" && (transfer.target.map { Self.isSame($0, file) } ?? false)
    }
  }

  static func isSame(_ left: String, _ right: String) -> Bool {
    relative(left) == relative(right)
  }

  /// A path without the slashes in front.
  static func relative(_ file: String) -> Substring { file.drop { $0 == "/" } }

  /// The host of a URL, without brackets and port; `nil` when the text is no URL.
  static func host(ofURL url: String) -> String? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let authority = url[scheme.upperBound...].prefix { $0 != "/" }
    if authority.first == "[" { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" })
  }

  /// The path of a URL without its leading slash; other text as it is.
  static func path(ofURL url: String) -> String {
    guard let scheme = url.firstRange(of: "://") else { return url }
    return String(url[scheme.upperBound...].drop { $0 != "/" }.drop { $0 == "/" })
  }
}
