import LabManifest
import NetworkAttachment
import Objects

extension LabInput {
  /// A node's object with the resources by which pods find bridges, as the bridge marker gives them out:
  /// 1000 of each bridge that a policy makes there, none of one that policies make on other nodes or not
  /// at all (kubevirt/bridge-marker, pkg/marker). What the object says stays.
  func withBridgeResources(_ node: LabNode) -> ObjectNode {
    let prefix = NetworkAttachmentDefinition.bridgeResource
    let names = attachments.compactMap(\.resourceName).filter { $0.hasPrefix(prefix) }
    var object = node.object
    // A list of what can be had replaces that of what there is.
    let field =
      object["status", "allocatable"] == nil && object["status", "capacity"] != nil
      ? "capacity" : "allocatable"
    for name in Set(names).sorted() where object["status", field, name] == nil {
      let bridge = String(name.dropFirst(prefix.count))
      guard let isThere = nodeNetworks.hasBridge(bridge, labels: node.labels) else { continue }
      object["status", field, name] = isThere ? "1k" : "0"
    }
    return object
  }
}
