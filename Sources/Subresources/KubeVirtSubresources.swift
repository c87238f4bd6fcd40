import Objects

/// The group of KubeVirt's subresources: their paths name no group that objects are in.
enum KubeVirtSubresources {
  /// The versions that the group has (kubevirt, staging/src/kubevirt.io/api/core, SubresourceGroupVersions).
  static let versions = ["v1", "v1alpha3"]
  /// Of VirtualMachines.
  static let machines = GroupResource("virtualmachines", group: "subresources.kubevirt.io")
  /// Of VirtualMachineInstances.
  static let instances = GroupResource(
    "virtualmachineinstances", group: "subresources.kubevirt.io")
}
