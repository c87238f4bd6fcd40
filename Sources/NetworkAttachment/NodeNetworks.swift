import Objects

/// What policies of the nodes say that bears on network attachments, and what the attachments want that
/// none of them makes.
package struct NodeNetworks: Sendable {
  private var bridges: [String: NodeBridge] = [:]
  /// The physical networks that OVN maps to bridges (`ovn.bridge-mappings`).
  private var localnets: Set<String> = []

  /// None.
  package init() {}

  /// Reads a policy; what is wrong with it by itself is reported.
  package mutating func read(_ policy: ManifestDocument, log: ProblemLog) {
    for bridge in NodeBridge.bridges(of: policy, log: log) { bridges[bridge.name] = bridge }
    let mappings = policy.root["spec", "desiredState", "ovn", "bridge-mappings"]
    for mapping in mappings?.items ?? [] where mapping["state"]?.scalar?.text != "absent" {
      if let name = mapping["localnet"]?.scalar?.text { localnets.insert(name) }
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
    let linux = bridges.values.filter { $0.type == "linux-bridge" }
    guard !linux.isEmpty else { return nil }
    guard let made = bridges[bridge.bridge] else {
      let names = linux.map(\.name).sorted()
      let hint =
        nearest(to: bridge.bridge, among: names).map { "; did you mean \($0.debugDescription)?" }
        ?? "; there is \(names.joined(separator: ", "))"
      return warning(
        "bridge", document,
        "no policy among these files makes a bridge \(bridge.bridge)\(hint)")
    }
    guard let vlan = bridge.vlan, let carried = made.trunkedVLANs,
      !carried.contains(where: { $0.contains(Int(vlan.rawValue)) })
    else { return nil }
    return warning(
      "vlan", document,
      "no port of the bridge \(made.name) carries VLAN \(vlan) by its trunk-tags (\(made.location)):"
        + " the machine's frames stay on its node; add the VLAN to the trunk")
  }

  private func problem(of localnet: LocalnetConfig, _ document: ManifestDocument) -> Problem? {
    let name = localnet.physicalNetworkName
    guard !localnets.isEmpty, !localnets.contains(name) else { return nil }
    return warning(
      "physicalNetworkName", document,
      "no policy among these files maps a bridge to the physical network \(name.debugDescription)"
        + " (ovn.bridge-mappings); there is \(localnets.sorted().joined(separator: ", "))")
  }

  private func warning(
    _ key: String, _ document: ManifestDocument, _ message: String
  ) -> Problem {
    let place = [key, "name"].lazy.compactMap {
      NetworkAttachmentDefinition.place(of: $0, in: document)
    }.first
    return Problem(
      severity: .warning, location: place?.location ?? document.location, object: document.object,
      field: place?.path ?? "spec", message: message)
  }
}
