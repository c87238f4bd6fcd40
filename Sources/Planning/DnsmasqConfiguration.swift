import Addresses

/// dnsmasq's configuration file for one server (dnsmasq(8)).
struct DnsmasqConfiguration {
  let server: ServerPlan

  var text: String {
    let lines: [String] =
      [
        "# The PXE server of \(server.attachment).",
        "port=0",
        "no-hosts",
        "no-resolv",
        "interface=eth0",
        "bind-interfaces",
        "user=nobody",
        "pid-file=\(server.directory)/dnsmasq.pid",
        "log-facility=\(server.directory)/dnsmasq.log",
        "log-dhcp",
        "",
        "dhcp-authoritative",
        "# The address range is the lab's alone: nobody can be using an address of it already.",
        "no-ping",
        "dhcp-leasefile=\(server.directory)/leases",
        "# A machine that has reported to be installed boots on from its disk.",
        "dhcp-hostsdir=\(server.installedFolder)",
        "dhcp-range=\(server.rangeStart),\(server.rangeEnd),\(server.address.netmask),"
          + "\(server.leaseSeconds)",
      ] + server.options.map { "dhcp-option=\($0.number),\($0.value)" }
      + ipv6Lines + ["", "enable-tftp", "tftp-root=\(server.servedRoot)"] + bootLines
      + ipv6BootLines
    return lines.map { $0 + "\n" }.joined()
  }

  /// A client's kind is a tag, so that the order of these lines does not matter.
  private var bootLines: [String] {
    let offers = server.offers.filter { !$0.isIPv6 }
    let knowsIPXE = offers.contains { $0.client == .iPXE }
    let others = knowsIPXE ? ",tag:!ipxe" : ""
    return goOnLines(others: others) + httpEndLines(offers, others: others)
      + offers.flatMap { offer -> [String] in
        switch offer.client {
        case .firmware(let architecture):
          let tag = "arch\(architecture.rawValue)"
          let match = "dhcp-match=set:\(tag),option:client-arch,\(architecture.rawValue)"
          let tags = "tag:\(tag)\(others)"
          let boot = "dhcp-boot=\(tags),tag:!installed,\(offer.bootFile)"
          guard offer.isHTTP else { return [match, boot] }
          return [
            match, "dhcp-option-force=\(tags),60,HTTPClient", boot,
            "dhcp-boot=\(tags),tag:installed,\(nothing)",
          ]
        case .iPXE:
          return [
            "dhcp-match=set:ipxe,175", "dhcp-userclass=set:ipxe,iPXE",
            "dhcp-boot=tag:ipxe,tag:!installed,\(offer.bootFile)",
          ]
        }
      }
  }

  /// A URL of nothing, which an HTTP client gives up at once; for an offer with a URL it waits a
  /// minute.
  private var nothing: String { server.location(of: "installed", by: .httpv4) }

  /// The end of HTTP over IPv4 where nothing is served by it and something comes after it: HTTP over
  /// IPv6, or the disk of a machine that is installed.
  private func httpEndLines(_ offers: [BootOffer], others: String) -> [String] {
    guard !offers.contains(where: { $0.isHTTP && $0.client != .iPXE }) else { return [] }
    let all = server.methods.contains(where: \.isIPv6)
    let tags = "tag:arch16\(others)\(all ? "" : ",tag:installed")"
    return [
      "dhcp-match=set:arch16,option:client-arch,16",
      "dhcp-option-force=\(tags),60,HTTPClient",
      "dhcp-boot=\(tags),\(nothing)",
    ]
  }

  /// Firmware that is not to boot by PXE is told to go on with what comes next in its boot order:
  /// boot server type 0 (PXE 2.1, section 2.2.3.2). Without it, it asks again for a minute.
  private func goOnLines(others: String) -> [String] {
    let installed = server.methods.contains(.pxev4) ? ",tag:installed" : ""
    return ["x86PC", "x86-64_EFI", "BC_EFI"].map {
      let tags = String((others + installed).dropFirst())
      return "pxe-service=\(tags.isEmpty ? "" : "\(tags),")\($0),\"boot on from disk\",0"
    }
  }

  /// Router advertisements and DHCPv6: firmware asks DHCPv6 for an address and for the NBP's URL.
  private var ipv6Lines: [String] {
    guard let network = server.ipv6 else { return [] }
    return [
      "", "enable-ra", "ra-param=eth0,10",
      "dhcp-range=\(network.rangeStart),\(network.rangeEnd),64,\(server.leaseSeconds)",
    ]
  }

  /// Options by their numbers in DHCPv6 (RFC 5970): 59 is the URL, 61 the client's architecture; 16
  /// is the vendor class, by which an HTTP client knows its server (UEFI 2.10, section 24.7.3).
  private var ipv6BootLines: [String] {
    let offers = server.offers.filter(\.isIPv6)
    let knowsIPXE = offers.contains { $0.client == .iPXE }
    return offers.flatMap { offer -> [String] in
      switch offer.client {
      case .firmware(let architecture):
        let tag = "arch6-\(architecture.rawValue)"
        let octets = [UInt8(architecture.rawValue >> 8), UInt8(architecture.rawValue & 0xff)]
        let tags = "tag:\(tag)" + (knowsIPXE ? ",tag:!ipxe6" : "")
        let match = "dhcp-match=set:\(tag),option6:61,\(Self.hexadecimal(octets))"
        return [match, "dhcp-option=\(tags),tag:!installed,option6:59,\(offer.bootFile)"]
          + (offer.isHTTP ? ["dhcp-option-force=\(tags),option6:16,\(Self.httpClientClass)"] : [])
      case .iPXE:
        return [
          "dhcp-userclass=set:ipxe6,iPXE", "dhcp-option=tag:ipxe6,option6:59,\(offer.bootFile)",
        ]
      }
    }
  }

  /// The vendor class `HTTPClient` (RFC 8415, section 21.16): an enterprise number of four octets,
  /// then texts with their lengths before them. dnsmasq writes each text of this option with its
  /// length, so that `px` and its length are the number. Firmware looks at the text alone.
  private static let httpClientClass = "px,HTTPClient"

  private static func hexadecimal(_ octets: [UInt8]) -> String {
    octets.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }
}

extension ServerPlan {
  /// The text of this server's dnsmasq configuration file.
  package var dnsmasqConfiguration: String { DnsmasqConfiguration(server: self).text }
  /// The path of that file.
  package var dnsmasqConfigurationPath: String { "\(directory)/dnsmasq.conf" }
}
