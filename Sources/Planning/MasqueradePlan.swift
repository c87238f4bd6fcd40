import Addresses
import ExternalCommand
import NetworkAttachment

/// What `ipMasq` makes for one port: its addresses are hidden behind the node's beyond their own
/// networks.
package struct MasqueradePlan: Codable, Sendable, Hashable {
  /// The network's name.
  package var network: String
  /// What the rules are written with.
  package var backend: MasqueradeBackend
  /// The port's addresses, each with its network.
  package var addresses: [IPNetwork]

  /// Rules for a port.
  package init(network: String, backend: MasqueradeBackend, addresses: [IPNetwork]) {
    self.network = network
    self.backend = backend
    self.addresses = addresses
  }
}

/// The node as a router of the lab's networks: forwarding, and masquerading as the plugin writes it.
struct RouterCommands {
  let bridges: [BridgePlan]

  var setUp: [Command] { forwarding + masquerading }

  /// `enableIPForward` in the plugin's bridge.go.
  private var forwarding: [Command] {
    let addresses = bridges.flatMap(\.gateways).flatMap(\.addresses)
    var switches: [String] = []
    if addresses.contains(where: { $0.v4 != nil }) { switches.append("ipv4/ip_forward") }
    if addresses.contains(where: { $0.v4 == nil }) { switches.append("ipv6/conf/all/forwarding") }
    return switches.map { Command("tee", ["/proc/sys/net/\($0)"], input: "1") }
  }

  private var masquerading: [Command] {
    let rules = bridges.flatMap(\.masquerades)
    guard !rules.isEmpty else { return [] }
    var lines: [String] = []
    if rules.contains(where: { $0.backend == .nftables }) { lines += Self.table }
    for rule in rules {
      switch rule.backend {
      case .iptables: lines += Self.iptables(rule)
      case .nftables: lines += Self.nftables(rule)
      }
    }
    return [Command("nft", ["-f", "-"], input: lines.batch)]
  }

  private static func family(_ network: IPNetwork) -> String { network.v4 == nil ? "ip6" : "ip" }

  private static func network(_ address: IPNetwork) -> String {
    "\(address.first)/\(address.prefixLength)"
  }

  /// What iptables and ip6tables make of the plugin's words (pkg/ip/ipmasq_iptables_linux.go).
  private static func iptables(_ rule: MasqueradePlan) -> [String] {
    rule.addresses.flatMap { address in
      let family = family(address)
      let table = "\(family) nat"
      let digits = StableIdentity.hexadecimal(
        StableIdentity.digest("\(rule.network) \(rule.addresses)"))
      let chain = "CNI-\(digits)"
      let comment = "comment \"name: \(rule.network)\""
      let multicast = address.v4 == nil ? "ff00::/8" : "224.0.0.0/4"
      return [
        "add table \(table)",
        "add chain \(table) POSTROUTING"
          + " { type nat hook postrouting priority srcnat; policy accept; }",
        "add chain \(table) \(chain)",
        "add rule \(table) \(chain) \(family) daddr \(network(address)) counter accept \(comment)",
        "add rule \(table) \(chain) \(family) daddr != \(multicast) counter masquerade \(comment)",
        "add rule \(table) POSTROUTING \(family) saddr \(address.address) counter jump \(chain)"
          + " \(comment)",
      ]
    }
  }

  /// pkg/ip/ipmasq_nftables_linux.go.
  private static let table: [String] = {
    let table = "inet cni_plugins_masquerade"
    return [
      "add table \(table)", "add chain \(table) masq_checks",
      "add chain \(table) postrouting { type nat hook postrouting priority srcnat; }",
      "add rule \(table) postrouting ip daddr == 224.0.0.0/4 return",
      "add rule \(table) postrouting ip6 daddr == ff00::/8 return",
      "add rule \(table) postrouting goto masq_checks",
    ]
  }()

  private static func nftables(_ rule: MasqueradePlan) -> [String] {
    rule.addresses.map { address in
      let family = family(address)
      return "add rule inet cni_plugins_masquerade masq_checks \(family) saddr == "
        + "\(address.address) \(family) daddr != \(network(address)) masquerade"
        + " comment \"net: \(rule.network)\""
    }
  }
}
