import Addresses
import Objects

/// The secondary networks of OVN-Kubernetes by their names: attachments whose configurations have one
/// name are one network, and have to agree (ovn-kubernetes, go-controller/pkg/util/multi_network.go).
package struct LocalnetNetworks: Sendable {
  private struct Network: Sendable {
    var vlan: VLANID?
    var physicalNetworkName: String
    var object: String
  }

  private var networks: [String: Network] = [:]

  /// None.
  package init() {}

  /// Adds an attachment.
  ///
  /// - Returns: what is wrong between it and another one.
  package mutating func add(
    _ attachment: NetworkAttachmentDefinition, _ document: ManifestDocument
  ) -> Problem? {
    guard case .localnet(let localnet) = attachment.config else { return nil }
    let name = attachment.networkName
    guard let first = networks[name] else {
      networks[name] = Network(
        vlan: localnet.vlan, physicalNetworkName: localnet.physicalNetworkName,
        object: document.object)
      return nil
    }
    func text(_ vlan: VLANID?) -> String { vlan.map { "VLAN \($0)" } ?? "no VLAN" }
    let physical = localnet.physicalNetworkName
    let key: String
    let difference: String
    if first.vlan != localnet.vlan {
      key = "vlanID"
      difference = "\(text(localnet.vlan)) here, \(text(first.vlan)) there"
    } else if first.physicalNetworkName != physical {
      key = "physicalNetworkName"
      difference = "physical network \(physical) here, \(first.physicalNetworkName) there"
    } else {
      return nil
    }
    let place = [key, "name"].lazy.compactMap {
      NetworkAttachmentDefinition.place(of: $0, in: document)
    }.first
    return Problem(
      severity: .warning, location: place?.location ?? document.location, object: document.object,
      field: place?.path ?? "spec.config",
      message:
        "OVN-Kubernetes takes \(document.object) and \(first.object) for one network, because"
        + " both configurations are named \(name.debugDescription), and refuses the one that comes"
        + " second: \(difference). "
        + (key == "vlanID"
          ? "Add \"physicalNetworkName\": \(physical.debugDescription) to both, and give" : "Give")
        + " each a name of its own")
  }
}
