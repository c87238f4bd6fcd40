import Addresses

/// The configuration of `ovn-k8s-cni-overlay` with `topology: localnet`.
public struct LocalnetConfig: Hashable, Sendable {
  /// The access VLAN; `nil` when the network is untagged.
  public var vlan: VLANID?
  /// The physical network that the nodes map to a bridge; the configuration's name by default.
  public var physicalNetworkName: String
  /// `namespace/name` of the NetworkAttachmentDefinition.
  public var netAttachDefName: String
  /// The MTU in bytes.
  public var mtu: Int?
  /// CIDRs, joined by commas, that OVN assigns addresses from.
  public var subnets: String?
  /// CIDRs of those that it leaves out.
  public var excludedSubnets: String?
  /// Whether a machine keeps its addresses when it is restarted or migrated.
  public var allowPersistentIPs: Bool

  /// A configuration.
  public init(
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
