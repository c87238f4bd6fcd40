import Addresses
import Objects

/// A network attachment as a person asks for it, to be written down.
package struct NetworkAttachmentDraft: Hashable, Sendable {
  /// The plugin.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    /// A port on a Linux bridge.
    case bridge
    /// The same program under OpenShift Virtualization's older name.
    case cnvBridge = "cnv-bridge"
    /// A port on the nodes' Open vSwitch bridge, by OVN-Kubernetes.
    case localnet = "ovn-localnet"
    /// A virtual function of a network card.
    case sriov
  }

  /// The attachment's name, an RFC 1123 subdomain.
  package var name: String
  /// Its namespace; `nil` leaves it to the cluster's client, and means `default` to OVN.
  package var namespace: String?
  /// The plugin.
  package var kind: Kind
  /// The bridge on the node; of a localnet, the Open vSwitch bridge that its policy maps.
  package var bridge: String?
  /// The access VLAN.
  package var vlan: VLANID?
  /// Tagged VLANs.
  package var trunk: VLANRanges?
  /// Whether VLAN 1 is taken off the port.
  package var removesDefaultVLAN = false
  /// Whether frames with another source MAC are dropped.
  package var macSpoofCheck = false
  /// Whether frames may leave by the port they came from.
  package var hairpin = false
  /// Whether the bridge is promiscuous.
  package var promiscuous = false
  /// Whether isolated ports cannot talk to one another.
  package var portIsolation = false
  /// The MTU in bytes.
  package var mtu: Int?
  /// The physical network of a localnet; its name by default.
  package var physicalNetwork: String?
  /// CIDRs, joined by commas, that OVN or `host-local` assigns addresses from.
  package var subnets: String?
  /// Addresses with their prefix lengths, joined by commas, that `static` gives every port.
  package var addresses: String?
  /// Whether the node has the gateway's address, and whether it is the ports' default route.
  package var isGateway = false, isDefaultGateway = false
  /// Whether the ports' addresses are hidden behind the node's.
  package var masquerades = false
  /// A virtual function's 802.1p priority, 0 to 7.
  package var priority: Int?
  /// What marks a virtual function's tags.
  package var tagProtocol: String?
  /// Whether a virtual function's guest may change its MAC and go promiscuous.
  package var trust: Bool?
  /// The state of a virtual function's link: `auto`, `enable` or `disable`.
  package var linkState: String?
  /// The least and the most that a virtual function sends, in Mbit/s.
  package var minimumRate: Int?, maximumRate: Int?
  /// How many virtual functions the card gets.
  package var virtualFunctions: Int?
  /// The resource that a pod on the attachment asks for.
  package var resourceName: String?
  /// The node's network card under the bridge.
  package var card: String?
  /// Whether the card carries frames without a tag; `nil` where ``vlan`` says it: those of machines that
  /// have none.
  package var carriesUntagged: Bool?

  /// A draft.
  package init(name: String, kind: Kind = .bridge) {
    self.name = name
    self.kind = kind
  }
}

extension NetworkAttachmentDraft {
  /// The CNI configuration.
  package var configuration: String { json.json(.dense) + "\n" }

  /// The same as a list of one plugin.
  package var configurationList: String {
    let header = json.entries.filter { ["cniVersion", "name"].contains($0.key) }
    let plugin = json.entries.filter { !["cniVersion", "name"].contains($0.key) }
    let plugins = ObjectNode.sequence([ObjectNode(.mapping(plugin))])
    return ObjectNode(.mapping(header + [.init(key: "plugins", value: plugins)])).json(.dense)
      + "\n"
  }

  private var json: ObjectNode {
    switch kind {
    case .bridge, .cnvBridge: bridgeJSON
    case .localnet: localnetJSON
    case .sriov: sriovJSON
    }
  }

  private func object(
    cniVersion: String, type: String, _ fields: [(name: String, value: ObjectNode?)]
  ) -> ObjectNode {
    let all: [(name: String, value: ObjectNode?)] =
      [("cniVersion", .text(cniVersion)), ("name", .text(name)), ("type", .text(type))]
      + fields
    return ObjectNode(
      .mapping(all.compactMap { field in field.value.map { .init(key: field.name, value: $0) } }))
  }

  private func flag(_ isSet: Bool) -> ObjectNode? { isSet ? .boolean(true) : nil }

  private func number(_ vlan: VLANID?) -> ObjectNode? { vlan.map { .integer(Int($0.rawValue)) } }

  private var bridgeJSON: ObjectNode {
    let ranges = trunk?.ranges.map { range -> ObjectNode in
      let lower = ObjectNode.integer(Int(range.lowerBound.rawValue))
      return range.lowerBound == range.upperBound
        ? ["id": lower] : ["minID": lower, "maxID": .integer(Int(range.upperBound.rawValue))]
    }
    return object(
      cniVersion: "0.3.1", type: kind.rawValue,
      [
        ("bridge", bridge.map { .text($0) }), ("macspoofchk", .boolean(macSpoofCheck)),
        ("vlan", number(vlan)), ("vlanTrunk", ranges.map { .sequence($0) }),
        ("preserveDefaultVlan", removesDefaultVLAN ? .boolean(false) : nil),
        ("mtu", mtu.map { .integer($0) }), ("hairpinMode", flag(hairpin)),
        ("promiscMode", flag(promiscuous)), ("portIsolation", flag(portIsolation)),
        ("isGateway", flag(isGateway && !isDefaultGateway)),
        ("isDefaultGateway", flag(isDefaultGateway)), ("ipMasq", flag(masquerades)),
        // The plugin takes the one or the other.
        ("disableContainerInterface", ipam == nil ? .boolean(true) : nil), ("ipam", ipam),
      ])
  }

  /// Who gives the ports their addresses.
  private var ipam: ObjectNode? {
    func list(_ text: String) -> [ObjectNode] {
      text.split(separator: ",").map { .text($0.filter { $0 != " " }) }
    }
    func section(_ type: String, _ name: String, _ items: [ObjectNode]) -> ObjectNode {
      .mapping(["type": .text(type), name: .sequence(items)])
    }
    if let subnets {
      return section(
        "host-local", "ranges",
        list(subnets).map { [["subnet": $0]] })
    }
    return addresses.map { addresses in
      section(
        "static", "addresses",
        list(addresses).map { ["address": $0] })
    }
  }

  private var localnetJSON: ObjectNode {
    object(
      cniVersion: "0.4.0", type: "ovn-k8s-cni-overlay",
      [
        ("topology", .text("localnet")),
        ("netAttachDefName", .text("\(namespace ?? "default")/\(name)")),
        ("physicalNetworkName", physicalNetwork.map { .text($0) }), ("vlanID", number(vlan)),
        ("mtu", mtu.map { .integer($0) }), ("subnets", subnets.map { .text($0) }),
      ])
  }

  private var sriovJSON: ObjectNode {
    object(
      cniVersion: "0.3.1", type: "sriov",
      [
        ("vlan", number(vlan)), ("vlanQoS", priority.map { .integer($0) }),
        ("vlanProto", tagProtocol.map { .text($0) }),
        ("spoofchk", .text(macSpoofCheck ? "on" : "off")),
        ("trust", trust.map { .text($0 ? "on" : "off") }),
        ("link_state", linkState.map { .text($0) }),
        ("min_tx_rate", minimumRate.map { .integer($0) }),
        ("max_tx_rate", maximumRate.map { .integer($0) }), ("ipam", ipam),
      ])
  }

  /// The annotation that makes a pod ask for the resource.
  private var annotation: String? {
    if let resourceName { return resourceName }
    guard kind == .cnvBridge, let bridge else { return nil }
    return "bridge.network.kubevirt.io/\(bridge)"
  }

  /// The NetworkAttachmentDefinition, as YAML.
  package var manifest: String {
    var lines = [
      "apiVersion: k8s.cni.cncf.io/v1", "kind: NetworkAttachmentDefinition", "metadata:",
      "  name: \(name)",
    ]
    // OVN compares the namespace with netAttachDefName, so it is said.
    if let namespace = namespace ?? (kind == .localnet ? "default" : nil) {
      lines.append("  namespace: \(namespace)")
    }
    if let annotation {
      lines += [
        "  annotations:", "    \(NetworkAttachmentDefinition.resourceNameKey): \(annotation)",
      ]
    }
    lines += ["spec:", "  config: |"]
    lines += json.json(.dense).split(separator: "\n").map { "    \($0)" }
    return lines.joined(separator: "\n") + "\n"
  }
}
