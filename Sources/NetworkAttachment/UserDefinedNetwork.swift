import Addresses
import Objects

/// A UserDefinedNetwork or ClusterUserDefinedNetwork (k8s.ovn.org/v1), of which OVN-Kubernetes makes a
/// NetworkAttachmentDefinition of the same name in each namespace that it is for
/// (ovn-kubernetes, go-controller/pkg/clustermanager/userdefinednetwork).
package struct UserDefinedNetwork: Sendable {
  /// The name, which the attachments have too.
  package let name: String
  /// The namespaces that get the attachment; `nil` when labels choose them that are not in the manifest.
  package let namespaces: [String]?
  /// The attachments, where they are ports on a node's bridge (topology Localnet).
  package let attachments: [NetworkAttachmentDefinition]
  /// Such an attachment, in whatever namespace; `nil` for another topology.
  package let localnet: NetworkAttachmentDefinition?

  /// Reads a document; `nil` for another kind of object.
  package init?(_ document: ManifestDocument) {
    let kinds = ["UserDefinedNetwork", "ClusterUserDefinedNetwork"]
    guard kinds.contains(document.kind), document.group == "k8s.ovn.org" else { return nil }
    name = document.name
    let spec = document.root["spec"]
    let isOfCluster = document.kind.hasPrefix("Cluster")
    let namespaces =
      isOfCluster ? Self.namespaces(spec?["namespaceSelector"]) : [document.namespace]
    self.namespaces = namespaces
    let network = isOfCluster ? spec?["network"] : spec
    guard network?["topology"]?.scalar?.text == "Localnet", let localnet = network?["localnet"]
    else {
      attachments = []
      self.localnet = nil
      return
    }
    let vlan = localnet["vlan", "access", "id"]?.integer.flatMap { UInt16(exactly: $0) }.flatMap {
      VLANID(rawValue: $0)
    }
    func attachment(in namespace: String) -> NetworkAttachmentDefinition {
      NetworkAttachmentDefinition(
        name: document.name, namespace: namespace, cniVersion: "1.0.0",
        networkName: isOfCluster ? "cluster_udn_\(document.name)" : "\(namespace)_\(document.name)",
        type: "ovn-k8s-cni-overlay",
        config: .localnet(
          LocalnetConfig(
            vlan: vlan,
            physicalNetworkName: localnet["physicalNetworkName"]?.scalar?.text ?? document.name,
            netAttachDefName: "\(namespace)/\(document.name)", mtu: localnet["mtu"]?.integer)),
        location: document.location)
    }
    attachments = (namespaces ?? []).map(attachment)
    self.localnet = attachments.first ?? attachment(in: document.namespace)
  }

  /// The field of an object of such a kind that says what a key of a CNI configuration does; `nil` for
  /// another kind.
  static func field(of key: String, in document: ManifestDocument) -> String? {
    guard document.kind.hasSuffix("UserDefinedNetwork") else { return nil }
    let localnet =
      document.kind.hasPrefix("Cluster") ? "spec.network.localnet" : "spec.localnet"
    return key == "vlanID" ? "\(localnet).vlan.access.id" : "\(localnet).\(key)"
  }

  /// The namespaces that a selector names: each has its name as a label.
  private static func namespaces(_ selector: ObjectNode?) -> [String]? {
    let label = "kubernetes.io/metadata.name"
    if let name = selector?["matchLabels"]?[label]?.scalar?.text { return [name] }
    let expression = selector?["matchExpressions"]?.items.first {
      $0["key"]?.scalar?.text == label && $0["operator"]?.scalar?.text == "In"
    }
    return expression?["values"].map { $0.items.compactMap { $0.scalar?.text } }
  }
}
