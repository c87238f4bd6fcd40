import Addresses
import Objects

/// What a NodeNetworkConfigurationPolicy (nmstate.io/v1) says of a bridge on the nodes, as far as it
/// bears on booting.
package struct NodeBridge: Hashable, Sendable {
  /// The bridge's device.
  package var name: String
  /// Whether it speaks the spanning tree protocol (IEEE 802.1D).
  package var spansTree: Bool
  /// Seconds that a new port listens, and as many that it learns, before it forwards anything.
  package var forwardDelay: Int
  /// Its kind in nmstate: `linux-bridge` or `ovs-bridge`.
  package var type = "linux-bridge"
  /// The VLANs that its ports carry tagged, where all of them have a `vlan` section; `nil` where one
  /// carries whatever comes.
  package var trunkedVLANs: [ClosedRange<Int>]?
  /// The labels that a node has for the policy to be for it.
  package var nodeSelector: [String: String] = [:]
  /// The first of its ports, which is the node's uplink; `nil` where it has none.
  package var uplink: Uplink?
  /// Where STP is switched on or off, or else where the bridge is named.
  package var location: SourceLocation
  /// That field.
  package var field: String

  /// A network card on a bridge.
  package struct Uplink: Hashable, Sendable {
    /// The card.
    package var name: String
    /// What it carries.
    package var vlans: PortVLANs
    /// Where that is said.
    package var location: SourceLocation
    /// The field that says it.
    package var field: String
  }

  /// The kernel's and IEEE 802.1D's forward delay in seconds.
  package static let usualForwardDelay = 15

  /// Whether a document is a NodeNetworkConfigurationPolicy.
  package static func accepts(_ document: ManifestDocument) -> Bool {
    document.kind == "NodeNetworkConfigurationPolicy" && document.group == "nmstate.io"
  }

  /// The bridges of a policy; what else it configures is the nodes' own affair.
  package static func bridges(of document: ManifestDocument, log: ProblemLog) -> [NodeBridge] {
    let spec = document.fields(log)["spec"]
    let interfaces = spec["desiredState"]["interfaces"]
    let selector = spec["nodeSelector"].strings
    // What a node has is only known there (nmstate's capture).
    if interfaces.node?.isSequence == false, refersToCapture(interfaces.string) { return [] }
    return interfaces.items.compactMap { interface in
      guard let type = interface["type"].string, ["linux-bridge", "ovs-bridge"].contains(type),
        let name = interface["name"].string, interface["state"].string ?? "up" == "up"
      else { return nil }
      let options = interface["bridge"]["options"]
      // nmstate takes `stp: true` of an ovs-bridge, and a mapping of either kind.
      let stp = options["stp"]
      let isMapping = stp.node?.isMapping == true
      let switched = isMapping ? stp["enabled"] : stp
      let spansTree = switched.boolean ?? false
      let delay = stp["forward-delay"]
      var seconds = usualForwardDelay
      if let asked = delay.integer {
        if (2...30).contains(asked) {
          seconds = asked
        } else {
          delay.error("\(asked) is no forward delay: 2 to 30 seconds (IEEE 802.1D)")
        }
      }
      if spansTree {
        switched.warning(
          "a port of a bridge with STP forwards nothing for its first \(2 * seconds) s, in which a "
            + "machine that starts asks for its address in vain; KubeVirt's and OpenShift's own "
            + "examples have STP off")
      }
      let place = switched.exists ? switched : interface["name"]
      var bridge = NodeBridge(
        name: name, spansTree: spansTree, forwardDelay: seconds, type: type,
        trunkedVLANs: trunkedVLANs(interface["bridge"]["port"]), location: place.location,
        field: place.path)
      bridge.nodeSelector = selector
      bridge.uplink = uplink(interface["bridge"]["port"])
      return bridge
    }
  }

  /// The first port. One without a `vlan` section carries every VLAN (kubernetes-nmstate,
  /// pkg/bridge: 2 to 4094 tagged, 1 untagged).
  private static func uplink(_ ports: Field) -> Uplink? {
    guard let port = ports.node?.isSequence == true ? ports.items.first : nil,
      let name = port["name"].string
    else { return nil }
    let vlan = port["vlan"]
    let place = vlan.exists ? vlan : port["name"]
    return Uplink(
      name: name, vlans: vlans(of: vlan), location: place.location, field: place.path)
  }

  /// nmstate's `vlan` of a bridge's port.
  private static func vlans(of vlan: Field) -> PortVLANs {
    guard let node = vlan.node, node.isMapping, !node.entries.isEmpty else { return .everyVLAN }
    let tag = vlan["tag"].integer.flatMap { UInt16(exactly: $0) }.flatMap(VLANID.init(rawValue:))
    if vlan["mode"].string == "access" { return tag.map { .access($0) } ?? PortVLANs() }
    let ranges = trunkedVLANs(of: vlan.node)
    let tagged = ranges.flatMap { Array($0.clamped(to: 1...4094)) }
      .compactMap { VLANID(rawValue: UInt16($0)) }
    let native = vlan["enable-native"].boolean == true ? tag ?? .bridgeDefault : nil
    return PortVLANs(
      pvid: native, untagged: native.map { [$0] } ?? [],
      tagged: Set(tagged).subtracting(native.map { [$0] } ?? []).sorted())
  }

  /// The ranges of `trunk-tags`.
  private static func trunkedVLANs(of vlan: ObjectNode?) -> [ClosedRange<Int>] {
    (vlan?["trunk-tags"]?.items ?? []).compactMap { item in
      let range = item["id-range"]
      guard let first = item["id"]?.integer ?? range?["min"]?.integer,
        let last = item["id"]?.integer ?? range?["max"]?.integer, first <= last
      else { return nil }
      return first...last
    }
  }

  /// Whether a text stands for what was found on a node: `{{ capture.NAME.interfaces }}` (nmstate's
  /// policies).
  private static func refersToCapture(_ text: String?) -> Bool {
    let text = (text ?? "").drop { $0 == " " }
    return text.hasPrefix("{{") && text.dropFirst(2).drop { $0 == " " }.hasPrefix("capture.")
  }

  /// The VLANs of ports by their `trunk-tags` and, where a port is an access port, by its `tag`.
  private static func trunkedVLANs(_ ports: Field) -> [ClosedRange<Int>]? {
    guard let ports = ports.node?.items, !ports.isEmpty else { return nil }
    var ranges: [ClosedRange<Int>] = []
    for port in ports {
      // An empty section takes the VLANs of a port away, and with them the filter.
      guard let vlan = port["vlan"], vlan.isMapping, !vlan.entries.isEmpty else { return nil }
      if let tag = vlan["tag"]?.integer { ranges.append(tag...tag) }
      ranges += trunkedVLANs(of: vlan)
    }
    return ranges
  }
}
