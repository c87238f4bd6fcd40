/// A kind of object as the API addresses it: the plural name and its group.
package struct GroupResource: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
  /// The API group; empty for the core group.
  package var group: String
  /// The plural name in lower case: `virtualmachines`.
  package var resource: String

  /// A resource of a group.
  package init(_ resource: String, group: String = "") {
    self.group = group
    self.resource = resource
  }

  /// `virtualmachines.kubevirt.io`, or `secrets` of the core group (apimachinery, GroupResource).
  package var description: String { group.isEmpty ? resource : "\(resource).\(group)" }

  /// By group, then by name.
  package static func < (left: GroupResource, right: GroupResource) -> Bool {
    (left.group, left.resource) < (right.group, right.resource)
  }
}

/// The identity of an object in a cluster: no two objects have the same at the same time.
package struct ObjectKey: Hashable, Codable, Sendable, Comparable, CustomStringConvertible {
  /// The namespace of objects that name none.
  package static let defaultNamespace = "default"

  /// What kind of object it is.
  package var resource: GroupResource
  /// The namespace; empty for an object of the whole cluster.
  package var namespace: String
  /// The name.
  package var name: String

  /// An object's identity.
  package init(_ resource: GroupResource, namespace: String, name: String) {
    self.resource = resource
    self.namespace = namespace
    self.name = name
  }

  /// The identity of what a reference in an object names: `name`, or `namespace/name`.
  ///
  /// - Parameter namespace: the namespace of the object that refers to it.
  package init(_ resource: GroupResource, reference: String, from namespace: String) {
    let parts = reference.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    self.init(
      resource, namespace: parts.count == 2 ? String(parts[0]) : namespace,
      name: String(parts.last ?? ""))
  }

  /// `namespace/name`, or the name of an object of the whole cluster.
  package var description: String { namespace.isEmpty ? name : "\(namespace)/\(name)" }

  /// By kind, namespace and name; objects of the whole cluster first.
  package static func < (left: ObjectKey, right: ObjectKey) -> Bool {
    if left.resource != right.resource { return left.resource < right.resource }
    return (left.namespace, left.name) < (right.namespace, right.name)
  }
}

extension GroupResource {
  /// `VirtualMachine`.
  package static let virtualMachines = GroupResource("virtualmachines", group: "kubevirt.io")
  /// `VirtualMachineInstance`.
  package static let virtualMachineInstances = GroupResource(
    "virtualmachineinstances", group: "kubevirt.io")
  /// `NetworkAttachmentDefinition`.
  package static let networkAttachmentDefinitions = GroupResource(
    "network-attachment-definitions", group: "k8s.cni.cncf.io")
  /// `DataVolume`.
  package static let dataVolumes = GroupResource("datavolumes", group: "cdi.kubevirt.io")
  /// `PersistentVolumeClaim`.
  package static let persistentVolumeClaims = GroupResource("persistentvolumeclaims")
  /// `Secret`.
  package static let secrets = GroupResource("secrets")
  /// `ConfigMap`.
  package static let configMaps = GroupResource("configmaps")
  /// `ResourceQuota`.
  package static let resourceQuotas = GroupResource("resourcequotas")
}
