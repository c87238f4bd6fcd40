/// One Kubernetes object of a manifest file.
package struct ManifestDocument: Sendable {
  /// The object's `apiVersion`; empty when it has none.
  package var apiVersion: String
  /// The object's `kind`; empty when it has none.
  package var kind: String
  /// `metadata.name`; empty when it has none.
  package var name: String
  /// `metadata.namespace`; where it has none, that of the request.
  package private(set) var namespace: String
  /// Whether that is known, and not only what a request without a namespace would have.
  package private(set) var isNamespaceKnown: Bool
  /// The whole object, a mapping.
  package var root: ObjectNode
  /// Where the object begins.
  package var location: SourceLocation

  /// An object from its root node; `nil` for one that no file has.
  package init?(root: ObjectNode) {
    guard let location = root.location else { return nil }
    self.init(root: root, location: location)
  }

  /// An object of a store, which no file has; messages name it in place of a file.
  package init(object root: ObjectNode) {
    self.init(root: root, location: SourceLocation(file: "", line: 0, column: 0))
    location.file = object
  }

  private init(root: ObjectNode, location: SourceLocation) {
    func text(_ node: ObjectNode?) -> String? {
      guard let node, !node.isNull else { return nil }
      return node.scalar?.text
    }
    self.root = root
    self.location = location
    apiVersion = text(root["apiVersion"]) ?? text(root["apiversion"]) ?? ""
    kind = text(root["kind"]) ?? ""
    name = text(root["metadata"]?["name"]) ?? ""
    let written = text(root["metadata"]?["namespace"])
    namespace = written ?? ObjectKey.defaultNamespace
    isNamespaceKnown = written != nil
  }

  /// The object in a request with a namespace (`kubectl -n`), which it takes when it names none.
  package func requested(in namespace: String) -> ManifestDocument {
    guard !isNamespaceKnown else { return self }
    var document = self
    document.namespace = namespace
    document.isNamespaceKnown = true
    return document
  }

  /// `kind/name`, for messages.
  package var object: String { "\(kind)/\(name)" }

  /// The API group: `kubevirt.io` of `kubevirt.io/v1`; empty for the core group.
  package var group: String { APIVersion.group(of: apiVersion) }

  /// A cursor at the root, which reports to a log.
  package func fields(_ log: ProblemLog) -> Field {
    Field(node: root, path: "", location: location, log: log)
  }

  /// Where a field is, or the nearest field above it that the file has.
  ///
  /// - Parameter path: a path such as `spec.domain.devices.interfaces[1].bootOrder`.
  package func location(of path: String) -> SourceLocation {
    root.walk(path).location ?? location
  }
}
