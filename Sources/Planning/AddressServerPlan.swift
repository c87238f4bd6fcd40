import Addresses
import NetworkAttachment

/// What hands the addresses of an attachment's `ipam` to its machines: it stands for the DHCP
/// server that KubeVirt runs in each pod (pkg/network/dhcp, bridge binding), and like that answers
/// only its own machines, offers no boot file, and calls itself by a link-local address.
package struct AddressServerPlan: Codable, Sendable, Hashable {
  /// What one machine's interface gets.
  package struct Lease: Codable, Sendable, Hashable {
    /// The interface's MAC address.
    package var mac: MACAddress
    /// Its addresses; DHCP hands out the first of IPv4, and nobody the others.
    package var addresses: [IPAMConfig.Address]
    /// Its routes beyond its networks.
    package var routes: [IPAMConfig.Route]

    /// A lease.
    package init(
      mac: MACAddress, addresses: [IPAMConfig.Address], routes: [IPAMConfig.Route] = []
    ) {
      self.mac = mac
      self.addresses = addresses
      self.routes = routes
    }
  }

  /// The network attachment, as people call it.
  package var attachment: String
  /// The network namespace that it runs in.
  package var networkNamespace: String
  /// The folder of its files.
  package var directory: String
  /// The MTU that it tells, in bytes.
  package var mtu: Int?
  /// The leases.
  package var leases: [Lease]

  /// A server.
  package init(
    attachment: String, networkNamespace: String, directory: String, mtu: Int? = nil,
    leases: [Lease]
  ) {
    self.attachment = attachment
    self.networkNamespace = networkNamespace
    self.directory = directory
    self.mtu = mtu
    self.leases = leases
  }

  /// Where its configuration is.
  package var configurationPath: String { "\(stem).conf" }
  /// What it says.
  package var log: String { Self.log(of: attachment, in: directory) }
  /// Where it writes its process number, once its sockets are bound.
  package var pidFile: String { "\(stem).pid" }
  /// Which process it is, for who comes after a crash.
  package var note: String { "\(stem).part" }

  /// What the server of an attachment says whose files are in a folder.
  package static func log(of attachment: String, in directory: String) -> String {
    "\(stem(attachment, directory)).log"
  }

  private var stem: String { Self.stem(attachment, directory) }

  private static func stem(_ attachment: String, _ directory: String) -> String {
    "\(directory)/ipam-\(ServerPlan.fileName(attachment))"
  }

  /// dnsmasq(8). The networks are not the interface's own, which `shared-network` allows.
  package var configuration: String { lines.batch }

  private var lines: [String] {
    var lines = [
      "port=0", "no-hosts", "no-resolv", "interface=eth0", "bind-interfaces", "user=root",
      "pid-file=\(pidFile)", "log-facility=\(log)",
      "log-dhcp", "no-ping", "leasefile-ro", "dhcp-ignore=tag:!known",
    ]
    var networks: Set<IPv4Network> = []
    for (index, lease) in leases.enumerated() {
      guard let network = lease.addresses.lazy.compactMap(\.address.v4).first else { continue }
      if let subnet = IPv4Network(address: network.network, prefixLength: network.prefixLength),
        networks.insert(subnet).inserted
      {
        lines += [
          "shared-network=eth0,\(subnet.address)",
          "dhcp-range=\(subnet.address),static,\(subnet.netmask),infinite",
        ]
      }
      lines.append("dhcp-host=\(lease.mac),set:p\(index),\(network.address)")
      let routes = lease.routes.compactMap { route -> (IPv4Network, IPv4Address)? in
        guard let destination = route.destination.v4, let gateway = route.gateway?.v4 else {
          return nil
        }
        return (destination, gateway)
      }
      // Without this dnsmasq would name itself as the router.
      let router = routes.first { $0.0.prefixLength == 0 }.map { ",\($0.1)" } ?? ""
      lines.append("dhcp-option=tag:p\(index),3\(router)")
      if routes.contains(where: { $0.0.prefixLength > 0 }) {
        // RFC 3442: who knows this option looks at no other, so the default route is in it too.
        let list = routes.map { "\($0.0),\($0.1)" }.joined(separator: ",")
        lines.append("dhcp-option=tag:p\(index),121,\(list)")
      }
    }
    if let mtu { lines.append("dhcp-option=26,\(mtu)") }
    return lines
  }
}
