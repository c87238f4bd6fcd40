import Manifest

/// A DataVolume, or one of a VirtualMachine's `dataVolumeTemplates`: a claim and what it is filled
/// with (containerized-data-importer, types.go).
public struct DataVolume: Hashable, Sendable {
  /// What the claim is filled with.
  public enum Source: Hashable, Sendable {
    /// Nothing.
    case blank
    /// A disk image at a URL: `http`, `s3`, `gcs` or `registry`.
    case url(String)
    /// Any other source, by its field's name; `nil` when none is named.
    case other(String?)
  }

  /// `metadata.name`, which is also the claim's.
  public var name: String
  /// `metadata.namespace`; `nil` for that of what brings it.
  public var namespace: String?
  /// The size asked for, in bytes; `nil` when none is.
  public var size: Quantity?
  /// What the claim is filled with.
  public var source: Source

  /// A DataVolume.
  public init(name: String, namespace: String? = nil, size: Quantity? = nil, source: Source) {
    self.name = name
    self.namespace = namespace
    self.size = size
    self.source = source
  }

  /// Reads an object or template.
  public init(_ field: Field) {
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
