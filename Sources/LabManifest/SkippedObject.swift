import Objects

/// An object of a kind that a lab makes nothing of.
package struct SkippedObject: Hashable, Sendable {
  /// `kind/name`.
  package var object: String
  /// The `apiVersion`.
  package var apiVersion: String
  /// Where it begins.
  package var location: SourceLocation

  init(_ document: ManifestDocument) {
    object = document.object
    apiVersion = document.apiVersion
    location = document.location
  }
}
