import Addresses
import Foundation
import NetworkAttachment

/// What is on a node after ADD, in one line: of the plugin's work, of ours, and as the plan has it.
struct Observation: Hashable, CustomStringConvertible {
  var bridge: String
  var bridgeMTU = 1500
  var filtersVLANs: Bool
  var isPromiscuous: Bool
  var portMTU = 1500
  var isHairpin: Bool
  var isIsolated: Bool
  var vlans: String
  var rules: Int

  var description: String {
    "bridge \(bridge) mtu \(bridgeMTU) filtering \(filtersVLANs ? 1 : 0)"
      + " promiscuous \(isPromiscuous ? 1 : 0); port mtu \(portMTU) hairpin \(isHairpin ? 1 : 0)"
      + " isolated \(isIsolated ? 1 : 0) vlans \(vlans); rules \(rules)"
  }

  /// As our plan has it.
  init(_ config: BridgeConfig) {
    let effect = BridgeEffect(config)
    bridge = config.bridge
    bridgeMTU = effect.mtu
    filtersVLANs = effect.filtersVLANs
    isPromiscuous = effect.promiscuous
    portMTU = effect.mtu
    isHairpin = effect.hairpin
    isIsolated = effect.isolated
    vlans = Self.text(effect.vlans)
    rules = effect.macSpoofCheck ? 4 : 0
  }

  /// As iproute2 and nft show it; `nil` when there is not one bridge with one port.
  init?(links: String, vlans: String, rules: String) throws {
    let decoder = JSONDecoder()
    let links = try decoder.decode([Link].self, from: Data(links.utf8))
    let tables = try decoder.decode([Table].self, from: Data(vlans.utf8))
    // The far end of a gateway on a VLAN is a port too, and joins after the container's.
    guard let bridge = links.first(where: { $0.linkinfo?.kind == "bridge" }),
      let port = links.first(where: { $0.master == bridge.name && !$0.isGateway }),
      let flags = port.linkinfo?.port
    else { return nil }
    self.bridge = bridge.name
    bridgeMTU = bridge.mtu
    filtersVLANs = bridge.linkinfo?.data?.filtering == 1
    isPromiscuous = bridge.flags.contains("PROMISC")
    portMTU = port.mtu
    isHairpin = flags.hairpin
    isIsolated = flags.isolated
    let table = tables.first { $0.name == port.name }?.vlans ?? []
    self.vlans = table.isEmpty ? "none" : table.map(\.text).joined(separator: ",")
    self.rules = Self.natRules(rules, port: port.name).count { $0.hasPrefix("{\"rule\"") }
  }

  /// The rules of the plugin's table, without handles and with names that do not depend on who
  /// made them.
  static func natRules(_ json: String, port: String) -> [String] {
    guard
      let root = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any],
      let items = root["nftables"] as? [[String: Any]]
    else { return [] }
    return items.compactMap { item -> String? in
      var item = item
      for (kind, value) in item {
        guard var value = value as? [String: Any] else { return nil }
        let table = kind == "table" ? value["name"] : value["table"]
        guard table as? String == "nat", value["family"] as? String == "bridge" else { return nil }
        value["handle"] = nil
        item[kind] = value
      }
      guard let data = try? JSONSerialization.data(withJSONObject: item, options: .sortedKeys)
      else { return nil }
      return String(decoding: data, as: UTF8.self)
        .replacing("container-eth0", with: "PORT").replacing(port, with: "PORT")
    }
  }

  /// The VLANs of the ports whose other ends have the gateway's addresses on a VLAN.
  static func gateways(links: String, vlans: String) throws -> [String] {
    let links = try JSONDecoder().decode([Link].self, from: Data(links.utf8))
    let tables = try JSONDecoder().decode([Table].self, from: Data(vlans.utf8))
    return links.filter { $0.master != nil && $0.isGateway }.map { port in
      let table = tables.first { $0.name == port.name }?.vlans ?? []
      return "\(port.link ?? ""): \(table.map(\.text).joined(separator: ","))"
    }
  }

  /// The node's own addresses, each with its device, sorted.
  static func addresses(in links: String) throws -> [String] {
    let links = try JSONDecoder().decode([Link].self, from: Data(links.utf8))
    return links.flatMap { link in
      (link.addresses ?? []).filter { $0.scope == "global" && $0.local != nil }.map {
        "\(link.name) \($0.local ?? "")/\($0.prefixlen ?? 0)"
      }
    }.sorted()
  }

  /// The rules that hide addresses behind the node's, in the order of their chains: without handles,
  /// counters and comments, and with one name for the chain of a port.
  static func masquerading(_ json: String) -> [String] {
    guard
      let root = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any],
      let items = root["nftables"] as? [[String: Any]]
    else { return [] }
    return items.compactMap { $0["rule"] as? [String: Any] }.compactMap { rule in
      guard let family = rule["family"] as? String, family != "bridge",
        let table = rule["table"] as? String, ["nat", "cni_plugins_masquerade"].contains(table),
        let statements = rule["expr"] as? [[String: Any]]
      else { return nil }
      let words = statements.compactMap(Self.statement).joined(separator: " ")
      return "\(family) \(table) \(Self.chain(rule["chain"])): \(words)"
    }.sorted()
  }

  private static func chain(_ name: Any?) -> String {
    let name = name as? String ?? ""
    return name.hasPrefix("CNI-") ? "CNI" : name
  }

  private static func statement(_ statement: [String: Any]) -> String? {
    guard let (kind, value) = statement.first else { return nil }
    switch kind {
    case "counter": return nil
    case "xt":
      // What iptables has a module of its own for.
      let name = (value as? [String: Any])?["name"] as? String ?? ""
      return name == "comment" ? nil : name.lowercased()
    case "jump", "goto": return "\(kind) \(chain((value as? [String: Any])?["target"]))"
    case "match":
      guard let data = try? JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
      else { return nil }
      return String(decoding: data, as: UTF8.self)
    default: return kind
    }
  }

  /// The name of the port in what iproute2 shows.
  static func port(in links: String) throws -> String {
    let links = try JSONDecoder().decode([Link].self, from: Data(links.utf8))
    return links.first { $0.linkinfo?.port != nil && !$0.isGateway }?.name ?? ""
  }

  private static func text(_ table: PortVLANs) -> String {
    if table.members.isEmpty { return "none" }
    var parts: [String] = []
    for range in VLANRanges(table.members).ranges {
      var plain: [VLANID] = []
      func flush() {
        if let first = plain.first, let last = plain.last {
          parts.append(first == last ? "\(first)" : "\(first)-\(last)")
        }
        plain = []
      }
      for raw in range.lowerBound.rawValue...range.upperBound.rawValue {
        guard let vlan = VLANID(rawValue: raw) else { continue }
        let flags =
          (vlan == table.pvid ? "P" : "") + (table.untagged.contains(vlan) ? "U" : "")
        if flags.isEmpty {
          plain.append(vlan)
        } else {
          flush()
          parts.append("\(vlan)\(flags)")
        }
      }
      flush()
    }
    return parts.joined(separator: ",")
  }

  private struct Link: Decodable {
    struct Address: Decodable {
      var scope: String?
      var local: String?
      var prefixlen: Int?
    }
    struct Info: Decodable {
      struct Bridge: Decodable {
        var filtering: Int?
        enum CodingKeys: String, CodingKey { case filtering = "vlan_filtering" }
      }
      struct Port: Decodable {
        var hairpin: Bool
        var isolated: Bool
      }
      var kind: String?
      var data: Bridge?
      var port: Port?
      enum CodingKeys: String, CodingKey {
        case kind = "info_kind", slave = "info_slave_kind", data = "info_data"
        case port = "info_slave_data"
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.decodeIfPresent(String.self, forKey: .kind)
        if kind == "bridge" { data = try container.decodeIfPresent(Bridge.self, forKey: .data) }
        if try container.decodeIfPresent(String.self, forKey: .slave) == "bridge" {
          port = try container.decodeIfPresent(Port.self, forKey: .port)
        }
      }
    }
    var name: String
    var flags: [String]
    var mtu: Int
    var master: String?
    var linkinfo: Info?
    var addresses: [Address]?
    /// The other end, where that is in the same namespace.
    var link: String?
    var isGateway: Bool { link != nil }
    enum CodingKeys: String, CodingKey {
      case name = "ifname", flags, mtu, master, linkinfo, link
      case addresses = "addr_info"
    }
  }

  private struct Table: Decodable {
    struct Row: Decodable {
      var vlan: Int
      var vlanEnd: Int?
      var flags: [String]?
      var text: String {
        "\(vlan)" + (vlanEnd.map { "-\($0)" } ?? "")
          + (flags?.contains("PVID") == true ? "P" : "")
          + (flags?.contains("Egress Untagged") == true ? "U" : "")
      }
    }
    var name: String
    var vlans: [Row]
    enum CodingKeys: String, CodingKey { case name = "ifname", vlans }
  }
}
