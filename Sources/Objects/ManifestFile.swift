/// All documents of a manifest file, and what is wrong with its YAML.
package struct ManifestFile: Sendable {
  /// The file's path as given.
  package let path: String
  /// The objects in order; a `List` is replaced by its items.
  package private(set) var documents: [ManifestDocument] = []
  /// What is wrong; a document with a YAML error is left out of `documents`.
  package private(set) var problems: [Problem] = []

  /// Documents that are there already.
  package init(path: String, documents: [ManifestDocument]) {
    self.path = path
    self.documents = documents
  }

  /// Reads the YAML (or JSON) text of a file that may hold many documents, as ``ManifestReader``
  /// does.
  package init(path: String, text: String) {
    self.path = path
    for element in ManifestReader(path: path, text: text) {
      switch element {
      case .document(let document): documents.append(document)
      case .problem(let problem): problems.append(problem)
      }
    }
  }
}
