import Addresses
import Objects

extension NodeNetworks {
  /// A node as policies select it.
  package struct Node: Sendable {
    /// Its name.
    package var name: String
    /// Its labels.
    package var labels: [String: String]

    /// A node.
    package init(name: String, labels: [String: String]) {
      self.name = name
      self.labels = labels
    }
  }

  /// What is wrong between an attachment and the nodes' networks, where policies say anything of its kind.
  ///
  /// - Parameters:
  ///   - document: the attachment's manifest.
  ///   - nodes: those of a lab, each of which is judged by itself where there are several. Where they are
  ///     not known, or there is one, it is enough that some policy makes what the attachment wants.
  package func problems(
    of attachment: NetworkAttachmentDefinition, _ document: ManifestDocument, nodes: [Node] = []
  ) -> [Problem] {
    var problems = resourceProblem(of: attachment, document).map { [$0] } ?? []
    guard nodes.count > 1 else {
      return problems
        + objections(to: attachment, labels: nil).map { warning($0, attachment, document, []) }
    }
    var found: [(objection: Objection, nodes: [String])] = []
    for node in nodes {
      for objection in objections(to: attachment, labels: node.labels) {
        if let index = found.firstIndex(where: { $0.objection == objection }) {
          found[index].nodes.append(node.name)
        } else {
          found.append((objection, [node.name]))
        }
      }
    }
    problems += found.map { warning($0.objection, attachment, document, $0.nodes) }
    return problems
  }

  /// What is wrong on a node.
  private enum Objection: Hashable {
    case connection(NodeConnection)
    case otherName(String)
    case lacksVLAN(VLANID?, NodeBridge)
    case native(VLANID, NodeBridge.Port)
    case smallerMTU(Int, NodeInterfaceMTU)
  }

  private func objections(
    to attachment: NetworkAttachmentDefinition, labels: [String: String]?
  ) -> [Objection] {
    let connection = connection(of: attachment, labels: labels)
    switch connection {
    case .unsaid: return []
    case .otherName(let bridge): return [.otherName(bridge.name)]
    case .unmapped: return [.connection(connection)]
    case .otherNodes:
      // By its resource the machines go where the bridge is.
      let isElsewhere =
        attachment.resourceName
        == NetworkAttachmentDefinition.bridgeResource + attachment.bridgeName
      return isElsewhere ? [] : [.connection(connection)]
    // What stays on one node may be meant to; among several it is a machine that nobody hears.
    case .withoutPort: return labels == nil ? [] : [.connection(connection)]
    case .joined(let bridge, let port):
      var found: [Objection] = []
      let vlan = attachment.vlan ?? .bridgeDefault
      let namesakes =
        labels == nil ? bridges.filter { $0.name == bridge.name } : [bridge]
      if !namesakes.contains(where: { $0.carries(vlan) }) {
        found.append(.lacksVLAN(attachment.vlan, bridge))
      } else if labels != nil, vlan != .bridgeDefault, port.vlans.untagged.contains(vlan) {
        found.append(.native(vlan, port))
      }
      if let mtu = mtu(of: port, labels: labels), mtu.bytes < attachment.mtu ?? 1500 {
        found.append(.smallerMTU(attachment.mtu ?? 1500, mtu))
      }
      return found
    }
  }

  private func warning(
    _ objection: Objection, _ attachment: NetworkAttachmentDefinition, _ document: ManifestDocument,
    _ nodes: [String]
  ) -> Problem {
    let there = nodes.isEmpty ? "" : " on \(nodes.joined(separator: ", "))"
    let name = attachment.bridgeName
    let isLocalnet = attachment.isLocalnet
    let bridgeKey = isLocalnet ? "physicalNetworkName" : "bridge"
    switch objection {
    case .otherName(let other):
      return warning(
        [bridgeKey], document,
        "no policy among these files makes a bridge \(name)\(there)"
          + hint(
            to: name, nearest: other, among: bridges.filter { $0.kind == .linux }.map(\.name))
          + (nodes.isEmpty
            ? "" : "; the plugin makes an empty one, from which no server is reached"))
    case .connection(.otherNodes(let other)):
      return warning(
        [bridgeKey], document,
        "no policy among these files makes a bridge \(name)\(there); that at \(other.location) is for "
          + "\(other.selector): the plugin makes an empty one, from which no server is reached; let a "
          + "policy select the node too, or let machines go only where the bridge is, by the annotation "
          + "\(NetworkAttachmentDefinition.resourceNameKey): "
          + NetworkAttachmentDefinition.bridgeResource + name)
    case .connection(.unmapped(let mismatch)) where mismatch.reason == .otherName:
      return warning(
        [bridgeKey], document,
        "no policy among these files maps a bridge to the physical network \(name.debugDescription)"
          + "\(there) (ovn.bridge-mappings)"
          + hint(to: name, nearest: mismatch.mapping.localnet, among: mappings.map(\.localnet)))
    case .connection(.unmapped(let mismatch)):
      return warning(
        [bridgeKey], document,
        mismatch.clause(network: name, node: nodes.isEmpty ? nil : nodes.joined(separator: ", "))
          + " (\(mismatch.mapping.location)): machines there reach no server")
    case .connection(let connection):
      let place = connection.place.map { " (\($0.location))" } ?? ""
      return warning(
        [bridgeKey], document,
        "the bridge \(connection.bridge?.name ?? name)\(there) has no port\(place): what machines send "
          + "stays on the node; give it one in the policy (bridge.port)")
    case .lacksVLAN(let vlan?, let bridge):
      return warning(
        ["vlanID", "vlan"], document,
        "no port of the bridge \(bridge.name)\(there) carries VLAN \(vlan) by its trunk-tags"
          + " (\(bridge.location)): the machine's frames stay on its node; add the VLAN to the trunk"
      )
    case .lacksVLAN(nil, let bridge):
      return warning(
        [bridgeKey], document,
        "the attachment has no VLAN, and no port of the bridge \(bridge.name)\(there) carries frames "
          + "without a tag (\(bridge.location)): the machine's frames stay on its node; give the "
          + "attachment the VLAN that is meant, or the port a native one (enable-native: true, tag: 1)"
      )
    case .native(let vlan, let port):
      return warning(
        ["vlanID", "vlan"], document,
        "VLAN \(vlan) leaves by the port \(port.name)\(there) without a tag (\(port.location)), and the "
          + "fabric takes what has none for VLAN 1: no server on VLAN \(vlan) hears the machine; put it "
          + "into trunk-tags. On a real node the switch's port would need the same native VLAN")
    case .smallerMTU(let wanted, let mtu):
      return warning(
        ["mtu", bridgeKey], document,
        "the port \(mtu.name)\(there) has an MTU of \(mtu.bytes) (\(mtu.location)), less than the "
          + "\(wanted) of the machine's interface: longer packets are lost there, and downloads stall; "
          + "give both the same")
    }
  }

  private func hint(to name: String, nearest other: String, among names: [String]) -> String {
    nearest(to: name, among: [other]) != nil
      ? "; did you mean \(other.debugDescription)?"
      : "; there is \(Set(names).sorted().joined(separator: ", "))"
  }

  /// That no node has the resource of a bridge, because no policy makes the bridge.
  private func resourceProblem(
    of attachment: NetworkAttachmentDefinition, _ document: ManifestDocument
  ) -> Problem? {
    let prefix = NetworkAttachmentDefinition.bridgeResource
    guard let resource = attachment.resourceName, resource.hasPrefix(prefix) else { return nil }
    let bridge = String(resource.dropFirst(prefix.count))
    guard makesNo(bridge) else { return nil }
    let log = ProblemLog(object: document.object)
    let annotation = document.fields(log)["metadata"]["annotations"][
      NetworkAttachmentDefinition.resourceNameKey]
    let names = bridges.filter { $0.kind == .linux }.map(\.name)
    let near = nearest(to: bridge, among: names.sorted())
    return Problem(
      severity: .warning, location: annotation.location, object: document.object,
      field: annotation.path,
      message: "no policy among these files makes a bridge \(bridge), so no node has the resource "
        + "\(resource), and the machine's pod stays Pending"
        + hint(to: bridge, nearest: near ?? "", among: names))
  }

  private func warning(
    _ keys: [String], _ document: ManifestDocument, _ message: String
  ) -> Problem {
    if let field = keys.lazy.compactMap({ UserDefinedNetwork.field(of: $0, in: document) }).first(
      where: { document.root.place(of: $0) != nil })
    {
      return Problem(
        severity: .warning, location: document.location(of: field), object: document.object,
        field: field, message: message)
    }
    let place = (keys + ["name"]).lazy.compactMap {
      NetworkAttachmentDefinition.place(of: $0, in: document)
    }.first
    return Problem(
      severity: .warning, location: place?.location ?? document.location, object: document.object,
      field: place?.path ?? "spec", message: message)
  }
}
