import Addresses
import Objects

/// What policies of the nodes say that bears on network attachments, and what the attachments want that
/// none of them makes.
package struct NodeNetworks: Sendable {
  /// The bridges in the order of the policies; some nodes may have another one of a name than others.
  package private(set) var bridges: [NodeBridge] = []
  /// The bridges that OVN maps physical networks to (`ovn.bridge-mappings`).
  private var localnets: [String: Set<String>] = [:]

  /// None.
  package init() {}

  /// Reads a policy; what is wrong with it by itself is reported.
  package mutating func read(_ policy: ManifestDocument, log: ProblemLog) {
    bridges += NodeBridge.bridges(of: policy, log: log)
    let mappings = policy.root["spec", "desiredState", "ovn", "bridge-mappings"]
    for mapping in mappings?.items ?? [] where mapping["state"]?.scalar?.text != "absent" {
      guard let name = mapping["localnet"]?.scalar?.text else { continue }
      let bridge = mapping["bridge"]?.scalar?.text
      localnets[name, default: []].formUnion([bridge].compactMap { $0 })
    }
  }

  /// What an attachment wants that no policy makes, where policies make anything of its kind.
  ///
  /// - Parameter document: the attachment's manifest.
  package func problem(
    of attachment: NetworkAttachmentDefinition, _ document: ManifestDocument
  ) -> Problem? {
    switch attachment.config {
    case .bridge(let bridge): problem(of: bridge, document)
    case .localnet(let localnet): problem(of: localnet, document)
    case .sriov: nil
    }
  }

  private func problem(of bridge: BridgeConfig, _ document: ManifestDocument) -> Problem? {
    let linux = Set(bridges.lazy.filter { $0.type == "linux-bridge" }.map(\.name))
    guard !linux.isEmpty else { return nil }
    let made = bridges.filter { $0.name == bridge.bridge }
    guard !made.isEmpty else {
      let names = linux.sorted()
      let hint =
        nearest(to: bridge.bridge, among: names).map { "; did you mean \($0.debugDescription)?" }
        ?? "; there is \(names.joined(separator: ", "))"
      return warning(
        "bridge", document,
        "no policy among these files makes a bridge \(bridge.bridge)\(hint)")
    }
    guard let vlan = bridge.vlan, let place = Self.place(lacking: vlan, in: made) else {
      return nil
    }
    return warning("vlan", document, Self.notCarried(vlan, by: bridge.bridge, place))
  }

  private func problem(of localnet: LocalnetConfig, _ document: ManifestDocument) -> Problem? {
    guard !localnets.isEmpty else { return nil }
    let name = localnet.physicalNetworkName
    guard let mapped = localnets[name] else {
      let names = localnets.keys.sorted()
      let hint =
        nearest(to: name, among: names).map { "; did you mean \($0.debugDescription)?" }
        ?? "; there is \(names.joined(separator: ", "))"
      return warning(
        "physicalNetworkName", document,
        "no policy among these files maps a bridge to the physical network \(name.debugDescription)"
          + " (ovn.bridge-mappings)\(hint)")
    }
    guard let vlan = localnet.vlan, let bridge = mapped.sorted().first, mapped.count == 1,
      let place = Self.place(lacking: vlan, in: bridges.filter { $0.name == bridge })
    else { return nil }
    return warning("vlanID", document, Self.notCarried(vlan, by: bridge, place))
  }

  /// Where a bridge is made whose ports do not carry a VLAN, if none of that name does.
  private static func place(lacking vlan: VLANID, in bridges: [NodeBridge]) -> SourceLocation? {
    let carries = bridges.contains { bridge in
      guard let carried = bridge.trunkedVLANs else { return true }
      return carried.contains { $0.contains(Int(vlan.rawValue)) }
    }
    return carries ? nil : bridges.first?.location
  }

  private static func notCarried(
    _ vlan: VLANID, by bridge: String, _ place: SourceLocation
  ) -> String {
    "no port of the bridge \(bridge) carries VLAN \(vlan) by its trunk-tags (\(place)): the machine's"
      + " frames stay on its node; add the VLAN to the trunk"
  }

  private func warning(
    _ key: String, _ document: ManifestDocument, _ message: String
  ) -> Problem {
    if let field = UserDefinedNetwork.field(of: key, in: document) {
      return Problem(
        severity: .warning, location: document.location(of: field), object: document.object,
        field: field, message: message)
    }
    let place = [key, "name"].lazy.compactMap {
      NetworkAttachmentDefinition.place(of: $0, in: document)
    }.first
    return Problem(
      severity: .warning, location: place?.location ?? document.location, object: document.object,
      field: place?.path ?? "spec", message: message)
  }
}
