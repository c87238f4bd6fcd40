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
        "dhcp-range=\(server.rangeStart),\(server.rangeEnd),\(server.address.netmask),"
          + "\(server.leaseSeconds)",
      ] + server.options.map { "dhcp-option=\($0.number),\($0.value)" }
      + ["", "enable-tftp", "tftp-root=\(server.servedRoot)"] + bootLines
    return lines.map { $0 + "\n" }.joined()
  }

  private var bootLines: [String] {
    server.bootFiles.sorted { $0.key < $1.key }.flatMap { architecture, file in
      [
        "dhcp-match=set:arch\(architecture),option:client-arch,\(architecture)",
        "dhcp-boot=tag:arch\(architecture),\(file)",
      ]
    }
  }
}

extension ServerPlan {
  /// The text of this server's dnsmasq configuration file.
  public var dnsmasqConfiguration: String { DnsmasqConfiguration(server: self).text }
  /// The path of that file.
  public var dnsmasqConfigurationPath: String { "\(directory)/dnsmasq.conf" }
}
