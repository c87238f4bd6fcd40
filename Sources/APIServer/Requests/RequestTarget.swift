import Objects

/// What a request's path names (apiserver, pkg/endpoints/request/requestinfo.go).
struct RequestTarget: Equatable {
  /// The group and the plural name.
  var resource: GroupResource
  /// The version.
  var version: String
  /// The namespace; empty for all of them or the whole cluster.
  var namespace = ""
  /// The object's name; empty for a collection.
  var name = ""
  /// What follows the name: `status`, `vnc/screenshot`; empty for the object itself.
  var subresource = ""

  /// What the segments of a path below the server's root name; `nil` when it is nothing of the API.
  init?(_ segments: [String]) {
    var rest = segments[...]
    let group: String
    switch rest.popFirst() {
    case "api": group = ""
    case "apis":
      guard let name = rest.popFirst() else { return nil }
      group = name
    default: return nil
    }
    guard let version = rest.popFirst() else { return nil }
    self.version = version
    // A namespace's own subresources stand where the resources in it do.
    let isNamespaceItself = rest.count == 3 && ["status", "finalize"].contains(rest.last)
    if rest.first == "namespaces", rest.count > 2, !isNamespaceItself {
      rest = rest.dropFirst()
      namespace = rest.popFirst() ?? ""
    }
    guard let resource = rest.popFirst() else { return nil }
    self.resource = GroupResource(resource, group: group)
    name = rest.popFirst() ?? ""
    subresource = rest.joined(separator: "/")
  }

  /// The identity of the object that the path names.
  var key: ObjectKey { ObjectKey(resource, namespace: namespace, name: name) }
}
