import Objects

/// The subresources that handlers of their own answer.
struct SubresourceTable {
  /// What is registered of a method of a subresource.
  struct Entry {
    let versions: [String]
    let kind: GroupVersionKind?
    /// Whether more may follow the name.
    let takesPath: Bool
    let handler: APIServer.SubresourceHandler
  }

  private struct Address: Hashable {
    let resource: GroupResource
    let name: String
    let method: String
  }

  private var entries: [Address: Entry] = [:]

  subscript(resource: GroupResource, name: String, method: String) -> Entry? {
    get { entries[Address(resource: resource, name: name, method: method)] }
    set { entries[Address(resource: resource, name: name, method: method)] = newValue }
  }

  /// What discovery tells of them, by resource and name.
  var served: [GroupResource: [String: ServedResources.Registered]] {
    var served: [GroupResource: [String: ServedResources.Registered]] = [:]
    for (address, entry) in entries {
      var known = served[address.resource]?[address.name] ?? ServedResources.Registered()
      known.methods.insert(address.method)
      known.versions.formUnion(entry.versions)
      known.kind = known.kind ?? entry.kind
      served[address.resource, default: [:]][address.name] = known
    }
    return served
  }

  /// What answers a method at a path, and what follows the subresource's name there; `nil` where none is
  /// registered for any method. The longest name counts.
  ///
  /// - Throws: ``StatusError`` where there are other methods.
  func entry(
    for target: RequestTarget, _ method: String
  ) throws(StatusError) -> (entry: Entry, path: [String])? {
    let parts = target.subresource.split(separator: "/").map(String.init)
    for count in (1...max(1, parts.count)).reversed() {
      let name = parts.prefix(count).joined(separator: "/")
      let isWhole = count == parts.count
      let there = entries.filter { address, entry in
        address.resource == target.resource && address.name == name
          && entry.versions.contains(target.version) && (isWhole || entry.takesPath)
      }
      guard !there.isEmpty else { continue }
      guard let entry = there.first(where: { $0.key.method == method })?.value else {
        throw .methodNotAllowed
      }
      return (entry, Array(parts.dropFirst(count)))
    }
    return nil
  }
}
