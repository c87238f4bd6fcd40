import Addresses
import Objects

/// Reads a NodeNetworkConfigurationPolicy; what else than bridges and their cards it configures is the
/// nodes' own affair.
struct NodePolicyReader {
  private let spec: Field
  private let selector: NodeSelector

  init(_ policy: ManifestDocument, log: ProblemLog) {
    spec = policy.fields(log)["spec"]
    selector = NodeSelector(spec["nodeSelector"].strings)
  }

  private var interfaces: Field { spec["desiredState"]["interfaces"] }

  /// Whether its interfaces are only known on the nodes (nmstate's capture).
  var isOfCapture: Bool {
    interfaces.node?.isSequence == false && refersToCapture(interfaces.string)
  }

  /// Its bridges.
  var bridges: [NodeBridge] { isOfCapture ? [] : interfaces.items.compactMap(bridge) }

  /// The MTUs that it sets.
  var mtus: [NodeInterfaceMTU] {
    guard interfaces.node?.isSequence == true else { return [] }
    return interfaces.items.compactMap { interface in
      let field = interface["mtu"]
      guard isUp(interface), let name = interface["name"].node?.scalar?.text,
        let bytes = field.node?.integer
      else { return nil }
      return NodeInterfaceMTU(
        name: name, bytes: bytes, selector: selector, location: field.location, field: field.path)
    }
  }

  /// Its mappings of physical networks to bridges.
  var mappings: [BridgeMapping] {
    let field = spec["desiredState"]["ovn"]["bridge-mappings"]
    guard field.node?.isSequence == true else { return [] }
    return field.items.compactMap { mapping in
      guard mapping["state"].node?.scalar?.text != "absent",
        let localnet = mapping["localnet"].node?.scalar?.text,
        let bridge = mapping["bridge"].node?.scalar?.text
      else { return nil }
      return BridgeMapping(
        localnet: localnet, bridge: bridge, selector: selector,
        location: mapping["bridge"].location, field: mapping["bridge"].path)
    }
  }

  private func isUp(_ interface: Field) -> Bool {
    interface["state"].node?.scalar?.text ?? "up" == "up"
  }

  private func bridge(_ interface: Field) -> NodeBridge? {
    guard let kind = interface["type"].string.flatMap(NodeBridge.Kind.init),
      let name = interface["name"].string, isUp(interface)
    else { return nil }
    let options = interface["bridge"]["options"]
    // nmstate takes `stp: true` of an ovs-bridge, and a mapping of either kind.
    let stp = options["stp"]
    let switched = stp.node?.isMapping == true ? stp["enabled"] : stp
    let spansTree = switched.boolean ?? false
    let seconds = forwardDelay(stp["forward-delay"])
    if spansTree {
      switched.warning(
        "a port of a bridge with STP forwards nothing for its first \(2 * seconds) s, in which a "
          + "machine that starts asks for its address in vain; KubeVirt's and OpenShift's own "
          + "examples have STP off")
    }
    let place = switched.exists ? switched : interface["name"]
    let ports = interface["bridge"]["port"]
    return NodeBridge(
      name: name, kind: kind, spansTree: spansTree, forwardDelay: seconds,
      ports: ports.node?.isSequence == true ? ports.items.compactMap(port) : [],
      selector: selector, location: place.location, field: place.path)
  }

  private func forwardDelay(_ field: Field) -> Int {
    guard let asked = field.integer else { return NodeBridge.usualForwardDelay }
    guard (2...30).contains(asked) else {
      field.error("\(asked) is no forward delay: 2 to 30 seconds (IEEE 802.1D)")
      return NodeBridge.usualForwardDelay
    }
    return asked
  }

  /// A port without a `vlan` section, or with an empty one, carries every VLAN (kubernetes-nmstate,
  /// pkg/bridge: 2 to 4094 tagged, 1 untagged).
  private func port(_ port: Field) -> NodeBridge.Port? {
    guard let name = port["name"].string else { return nil }
    let vlan = port["vlan"]
    let place = vlan.exists ? vlan : port["name"]
    return NodeBridge.Port(
      name: name, vlans: vlans(of: vlan), location: place.location, field: place.path)
  }

  /// nmstate's `vlan` of a bridge's port.
  private func vlans(of vlan: Field) -> PortVLANs {
    guard let node = vlan.node, node.isMapping, !node.entries.isEmpty else { return .everyVLAN }
    let tag = node["tag"]?.integer.flatMap { UInt16(exactly: $0) }.flatMap(VLANID.init(rawValue:))
    if node["mode"]?.scalar?.text == "access" { return tag.map { .access($0) } ?? PortVLANs() }
    let tagged = vlan["trunk-tags"].items.flatMap { item -> [VLANID] in
      let range = item["id-range"]
      guard let first = item["id"].integer ?? range["min"].integer,
        let last = item["id"].integer ?? range["max"].integer
      else { return [] }
      guard first <= last, 1...4094 ~= first, 1...4094 ~= last else {
        let text = first == last ? "\(first)" : "\(first) to \(last)"
        item.warning("\(text) is no VLAN that a port carries: 1 to 4094, the smaller one first")
        return []
      }
      return (first...last).compactMap { VLANID(rawValue: UInt16($0)) }
    }
    let native = vlan["enable-native"].boolean == true ? tag ?? .bridgeDefault : nil
    return PortVLANs(
      pvid: native, untagged: native.map { [$0] } ?? [],
      tagged: Set(tagged).subtracting(native.map { [$0] } ?? []).sorted())
  }

  /// Whether a text stands for what was found on a node: `{{ capture.NAME.interfaces }}` (nmstate's
  /// policies).
  private func refersToCapture(_ text: String?) -> Bool {
    let text = (text ?? "").drop { $0 == " " }
    return text.hasPrefix("{{") && text.dropFirst(2).drop { $0 == " " }.hasPrefix("capture.")
  }
}
