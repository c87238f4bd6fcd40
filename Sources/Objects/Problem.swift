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
