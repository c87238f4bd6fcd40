import Objects

/// A DataVolume, or one of a VirtualMachine's `dataVolumeTemplates`: a claim and what it is filled
/// with (containerized-data-importer, types.go).
package struct DataVolume: Hashable, Sendable {
  /// What the claim is filled with.
  package enum Source: Hashable, Sendable {
    /// Nothing.
    case blank
    /// A disk image at a URL: `http`, `s3`, `gcs` or `registry`.
    case url(String)
    /// Any other source, by its field's name; `nil` when none is named.
    case other(String?)
  }

  /// `metadata.name`, which is also the claim's.
  package var name: String
  /// `metadata.namespace`; `nil` for that of what brings it.
  package var namespace: String?
  /// The size asked for, in bytes; `nil` when none is.
  package var size: Quantity?
  /// What the claim is filled with.
  package var source: Source

  /// A DataVolume.
  package init(name: String, namespace: String? = nil, size: Quantity? = nil, source: Source) {
    self.name = name
    self.namespace = namespace
    self.size = size
    self.source = source
  }

  /// Reads an object or template.
  package init(_ field: Field) {
    let spec = field["spec"]
    let requested = ["storage", "pvc"].lazy
      .map { spec[$0]["resources"]["requests"]["storage"] }.first(where: \.exists)
    self.init(
      name: field["metadata"]["name"].string ?? "",
      namespace: field["metadata"]["namespace"].string, size: requested?.quantity,
      source: Source(spec))
  }
}

extension DataVolume.Source {
  fileprivate init(_ spec: Field) {
    let source = spec["source"]
    if source["blank"].exists {
      self = .blank
      return
    }
    for kind in ["http", "registry", "s3", "gcs"] {
      if let url = source[kind]["url"].string {
        self = .url(url)
        return
      }
    }
    self = .other(
      source.exists ? source.entries.first?.key : spec["sourceRef"].exists ? "sourceRef" : nil)
  }
}
