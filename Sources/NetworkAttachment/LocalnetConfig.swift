import Addresses

/// The configuration of `ovn-k8s-cni-overlay` with `topology: localnet`.
package struct LocalnetConfig: Hashable, Sendable {
  /// The access VLAN; `nil` when the network is untagged.
  package var vlan: VLANID?
  /// The physical network that the nodes map to a bridge; the configuration's name by default.
  package var physicalNetworkName: String
  /// `namespace/name` of the NetworkAttachmentDefinition.
  package var netAttachDefName: String
  /// The MTU in bytes.
  package var mtu: Int?
  /// CIDRs, joined by commas, that OVN assigns addresses from.
  package var subnets: String?
  /// CIDRs of those that it leaves out.
  package var excludedSubnets: String?
  /// Whether a machine keeps its addresses when it is restarted or migrated.
  package var allowPersistentIPs: Bool

  /// A configuration.
  package init(
    vlan: VLANID? = nil, physicalNetworkName: String, netAttachDefName: String, mtu: Int? = nil,
    subnets: String? = nil, excludedSubnets: String? = nil, allowPersistentIPs: Bool = false
  ) {
    self.vlan = vlan
    self.physicalNetworkName = physicalNetworkName
    self.netAttachDefName = netAttachDefName
    self.mtu = mtu
    self.subnets = subnets
    self.excludedSubnets = excludedSubnets
    self.allowPersistentIPs = allowPersistentIPs
  }
}
