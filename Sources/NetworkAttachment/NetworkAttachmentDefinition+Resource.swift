import Objects

extension NetworkAttachmentDefinition {
  /// What node bridges are called as device resources: the bridge marker of the cluster network addons
  /// gives each node one for each of its bridges (kubevirt/bridge-marker).
  package static let bridgeResource = "bridge.network.kubevirt.io/"
  /// What they were called once.
  private static let oldBridgeResource = "bridge-cni.network.kubevirt.io/"

  /// The bridge whose resource the attachment names, where that is another than its own.
  package var resourceOfAnotherBridge: String? {
    guard case .bridge(let bridge) = config, let resourceName,
      resourceName.hasPrefix(Self.bridgeResource)
    else { return nil }
    let other = String(resourceName.dropFirst(Self.bridgeResource.count))
    return other == bridge.bridge ? nil : other
  }

  /// Says where the device resource, by which the pod's node is chosen, is not that of the bridge.
  ///
  /// - Parameter annotation: the annotation that names the resource.
  func checkResource(_ annotation: Field) {
    guard case .bridge(let bridge) = config, let resource = annotation.string else { return }
    if resource.hasPrefix(Self.oldBridgeResource) {
      annotation.warning(
        "no node has a resource \(resource) any more, so the pod stays Pending; write"
          + " \((Self.bridgeResource + bridge.bridge).debugDescription)")
    } else if resource == Self.bridgeResource {
      annotation.warning(
        "the resource names no bridge, no node has it, and the pod stays Pending; write"
          + " \((Self.bridgeResource + bridge.bridge).debugDescription)")
    } else if resource.hasPrefix(Self.bridgeResource),
      resource != Self.bridgeResource + bridge.bridge
    {
      annotation.warning(
        "the pod goes to a node with the bridge \(resource.dropFirst(Self.bridgeResource.count)),"
          + " and the plugin makes an empty bridge \(bridge.bridge) there: the machine runs, and its"
          + " DHCP requests reach nobody; name one bridge in both places")
    }
  }
}
