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
      return
    }
    let vlan = localnet["vlan", "access", "id"]?.integer.flatMap { UInt16(exactly: $0) }.flatMap {
      VLANID(rawValue: $0)
    }
    attachments = (namespaces ?? []).map { namespace in
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
