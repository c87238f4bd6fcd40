import Objects

extension GroupResource {
  /// `Node`.
  package static let nodes = GroupResource("nodes")
  /// `Lab`.
  package static let labs = GroupResource("labs", group: "pxelab.dev")
  /// `HyperConverged`.
  package static let hyperConvergeds = GroupResource("hyperconvergeds", group: "hco.kubevirt.io")
  /// `NodeNetworkConfigurationPolicy`.
  package static let nodeNetworkConfigurationPolicies = GroupResource(
    "nodenetworkconfigurationpolicies", group: "nmstate.io")
}
