/// One thing wrong with a manifest.
package struct Problem: Codable, Hashable, Sendable, Error {
  /// Whether the problem stops the lab.
  package enum Severity: String, Codable, Hashable, Sendable {
    /// A cluster, or the lab, refuses the manifest.
    case error
    /// The manifest is taken, but probably does not mean what was intended.
    case warning
  }

  /// Whether the problem stops the lab.
  package var severity: Severity
  /// Where it is; `nil` when it belongs to no file (an empty folder).
  package var location: SourceLocation?
  /// The object as `kind/name`; empty when it is not known.
  package var object: String
  /// The field's path, `spec.domain.devices.interfaces[1].bootOrder`; empty for a whole document.
  package var field: String
  /// What is wrong; KubeVirt's or the CNI plugin's own words where they have some.
  package var message: String

  /// A problem with a field of an object.
  package init(
    severity: Severity = .error, location: SourceLocation?, object: String = "",
    field: String = "", message: String
  ) {
    self.severity = severity
    self.location = location
    self.object = object
    self.field = field
    self.message = message
  }
}

extension Problem {
  /// How an API server's strict decoding begins to speak of a field that it does not know
  /// (apimachinery, pkg/runtime, strictDecodingError).
  package static let strictDecoding = "strict decoding error: unknown field "

  /// A cluster's words for a document without a kind.
  static let noKind = "Object 'Kind' is missing"
  static let noMapping = "a Kubernetes object is a mapping"

  /// Whether a document has no kind, so that it may be something else than an object. One with the
  /// key in other letters, an apiVersion or metadata and spec is meant to be one.
  package var isMissingKind: Bool {
    message.hasPrefix(Self.noMapping) || message == "\(Self.noKind): \(Self.objectNeeds)"
  }

  /// Whether it is about YAML that cannot be read.
  package var isUnreadable: Bool { message.hasPrefix("YAML: ") }

  /// What is said of a document that is no object.
  static let objectNeeds = "an object needs apiVersion, kind and metadata.name"

  /// Whether it is about a field that nothing knows, which is dropped.
  package var isUnknownField: Bool {
    message.hasPrefix(Self.strictDecoding) || message.hasPrefix("unknown field ")
      || message.hasPrefix("the field is spelt ")
  }
}

extension Problem: CustomStringConvertible {
  /// `file:line:column: field: message`, with `warning: ` before the message of a warning.
  package var description: String {
    var parts: [String] = []
    if let location { parts.append(location.description) }
    if !field.isEmpty { parts.append(field) }
    if severity == .warning { parts.append("warning") }
    parts.append(message)
    return parts.joined(separator: ": ")
  }
}
