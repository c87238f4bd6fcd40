import Objects

/// What is no problem of a manifest, but should be known.
package struct ManifestNote: Hashable, Sendable {
  /// Where it is about.
  package var location: SourceLocation
  /// The object as `kind/name`; empty for a whole file.
  package var object: String
  /// What there is to know.
  package var message: String
}

extension ManifestNote: CustomStringConvertible {
  /// `file:line:column: note: object: message`.
  package var description: String {
    "\(location): note: \(object.isEmpty ? "" : "\(object): ")\(message)"
  }
}
