/// Names that labels, taints and resources have (apimachinery, pkg/util/validation).
package enum QualifiedName {
  static let form =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an"
    + " alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for"
    + " validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"

  /// What Kubernetes says against a text that should be one (IsQualifiedName).
  ///
  /// - Parameter unit: what the length is counted in.
  package static func objections(_ text: String, unit: String = "bytes") -> [String] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2 else {
      return [
        "a qualified name \(form) with an optional DNS subdomain prefix and '/' (e.g."
          + " 'example.com/MyName')"
      ]
    }
    var objections: [String] = []
    if parts.count == 2 {
      objections =
        parts[0].isEmpty
        ? ["prefix part must be non-empty"]
        : subdomainObjections(String(parts[0]), unit: unit).map { "prefix part \($0)" }
    }
    let name = parts[parts.count - 1]
    if name.isEmpty {
      objections.append("name part must be non-empty")
    } else if name.utf8.count > 63 {
      objections.append("name part must be no more than 63 \(unit)")
    }
    if !isWord(name) { objections.append("name part \(form)") }
    return objections
  }

  /// Whether a text begins and ends with a letter or digit and has only those, `-`, `_` and `.`.
  static func isWord(_ text: Substring) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    return isLetterOrDigit(first) && isLetterOrDigit(last)
      && text.utf8.allSatisfy { isLetterOrDigit($0) || [45, 46, 95].contains($0) }
  }
}

/// Values of labels.
package enum LabelValue {
  /// What Kubernetes says against a text that should be one (IsValidLabelValue).
  ///
  /// - Parameter unit: what the length is counted in.
  package static func objections(_ text: String, unit: String = "bytes") -> [String] {
    var objections: [String] = []
    if text.utf8.count > 63 { objections.append("must be no more than 63 \(unit)") }
    if !text.isEmpty, !QualifiedName.isWord(text[...]) {
      objections.append(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or"
          + " '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or"
          + " 'my_value',  or '12345', regex used for validation is"
          + " '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')")
    }
    return objections
  }
}
