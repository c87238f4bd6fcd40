import Objects

/// A file that holds no Kubernetes object, but something that other programs read.
package struct ForeignFile: Hashable, Sendable {
  /// What it is, and what to do where objects can be made of it.
  package let reason: String
  /// Where it begins, or the braces that make a template of it.
  package let location: SourceLocation

  /// Looks at a file of a folder, which nobody named; `nil` for one that holds objects, or is meant
  /// to.
  package init?(path: String, bytes: [UInt8]) {
    if let foreign = ForeignFile(named: path, bytes: bytes) {
      self = foreign
    } else if Self.holdsObjects(path, bytes) {
      return nil
    } else {
      self.init("holds no Kubernetes object", SourceLocation(file: path, line: 1, column: 1))
    }
  }

  /// Looks at a file that somebody named; `nil` for one that is to be read as objects.
  package init?(named path: String, bytes: [UInt8]) {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    if let reason = Self.knownNames[name] {
      self.init(reason, SourceLocation(file: path, line: 1, column: 1))
    } else if let place = Self.template(path, bytes) {
      self.init(
        "this looks like a template ({{ ... }}): render it first: helm template ... | pxelab"
          + " validate -", place)
    } else {
      return nil
    }
  }

  private init(_ reason: String, _ location: SourceLocation) {
    self.reason = reason
    self.location = location
  }

  private static let kustomization =
    "a kustomization, of which objects are made: kustomize build FOLDER | pxelab validate -"
  private static let chart =
    "a part of a Helm chart, of which objects are made: helm template CHART | pxelab validate -"

  private static let knownNames = [
    "kustomization.yaml": kustomization, "kustomization.yml": kustomization,
    "Kustomization": kustomization, "Chart.yaml": chart, "values.yaml": chart,
    "values.yml": chart, "values.schema.json": chart,
  ]

  /// Where the braces of Go's or Jinja's templates keep a file from being read.
  ///
  /// Braces in quotes and in blocks of text are texts, so a file that can be read is no template.
  private static func template(_ path: String, _ bytes: [UInt8]) -> SourceLocation? {
    let braces = ["{{", "{%"].compactMap { ManifestScan.offset(of: $0, in: bytes) }.min()
    guard let braces else { return nil }
    let isBroken = ManifestReader(path: path, bytes: bytes).contains { element in
      if case .problem(let problem) = element { !problem.isMissingKind } else { false }
    }
    guard isBroken else { return nil }
    let before = bytes[..<braces]
    let line = before.lastIndex(of: UInt8(ascii: "\n")).map { before[($0 + 1)...] } ?? before
    return SourceLocation(
      file: path, line: 1 + before.count { $0 == UInt8(ascii: "\n") },
      // The bytes of one letter after its first have the upper bits 10.
      column: 1 + line.count { $0 & 0xc0 != 0x80 })
  }

  /// Whether any document of a file is an object, or is wrong in another way than having no kind.
  private static func holdsObjects(_ path: String, _ bytes: [UInt8]) -> Bool {
    let key = Array("kind:".utf8)
    if bytes.starts(with: key) || ManifestScan.offset(of: "\nkind:", in: bytes) != nil {
      return true
    }
    // The words that every object needs one of, or is meant to be one by.
    let isMentioned = ["apiVersion", "apiversion", "kind", "Kind", "metadata"].contains {
      ManifestScan.offset(of: $0, in: bytes) != nil
    }
    guard isMentioned else { return bytes.isEmpty }
    var isEmpty = true
    for element in ManifestReader(path: path, bytes: bytes) {
      isEmpty = false
      switch element {
      case .document: return true
      case .problem(let problem) where !problem.isMissingKind: return true
      case .problem: continue
      }
    }
    return isEmpty
  }
}
