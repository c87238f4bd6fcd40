/// A kind's name in the paths of the API, without a version: `virtualmachines` of `kubevirt.io`.
package struct GroupResource: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The API group; empty for the core group.
  package let group: String
  /// The plural name in small letters.
  package let resource: String

  /// A resource of a group.
  package init(group: String, resource: String) {
    self.group = group
    self.resource = resource
  }

  /// The two as the API server's messages have them: `pods`, `virtualmachines.kubevirt.io`.
  package var description: String { group.isEmpty ? resource : "\(resource).\(group)" }

  /// By group, then by name.
  package static func < (left: GroupResource, right: GroupResource) -> Bool {
    (left.group, left.resource) < (right.group, right.resource)
  }
}
