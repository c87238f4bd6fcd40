import Objects

/// The manifests that a lab's objects were applied from, as they were written: what findings quote, and
/// what a change is compared with.
package struct ManifestFolder: OwnKind {
  package static let resource = GroupResource("manifestfolders", group: "pxelab.dev")
  package static let kindName = "ManifestFolder"
  /// The name of the only one.
  package static let name = "manifests"

  package var metadata: ObjectMetadata
  /// The folder.
  package var spec: Spec

  /// A folder and its files.
  package struct Spec: Codable, Sendable, Hashable {
    /// The folder's absolute path.
    package var path: String
    /// The files, in the order in which they are read.
    package var files: [File]

    /// A folder.
    package init(path: String, files: [File]) {
      self.path = path
      self.files = files
    }
  }

  /// A file of the folder.
  package struct File: Codable, Sendable, Hashable {
    /// Its path, as messages show it.
    package var path: String
    /// What is in it.
    package var text: String

    /// A file.
    package init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  /// The manifests of a lab.
  package init(spec: Spec) {
    metadata = ObjectMetadata(name: Self.name)
    self.spec = spec
  }
}
