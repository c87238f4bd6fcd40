import Manifest

/// An object of a kind that a lab makes nothing of.
public struct SkippedObject: Hashable, Sendable {
  /// `kind/name`.
  public var object: String
  /// The `apiVersion`.
  public var apiVersion: String
  /// Where it begins.
  public var location: SourceLocation

  init(_ document: ManifestDocument) {
    object = document.object
    apiVersion = document.apiVersion
    location = document.location
  }
}
