import Objects

/// A file that holds no Kubernetes object, but something that other programs read.
package struct ForeignFile: Hashable, Sendable {
  /// What it is, and what to do where objects can be made of it.
  package let reason: String
  /// Where it begins, or the braces that make a template of it.
  package let location: SourceLocation

  /// Looks at a file of a folder, which nobody named; `nil` for one that holds objects, or is meant
  /// to.
  init?(path: String, bytes: [UInt8]) {
    if Self.isBinary(bytes) {
      self.init("is no text", SourceLocation(file: path, line: 1, column: 1))
    } else if let foreign = ForeignFile(named: path, bytes: bytes) {
      self = foreign
    } else if Self.holdsObjects(path, bytes) {
      return nil
    } else {
      self.init("holds no Kubernetes object", SourceLocation(file: path, line: 1, column: 1))
    }
  }

  /// Those of the files of folders, which nobody named, by their paths.
  package static func among(_ files: [(path: String, bytes: [UInt8])]) -> [String: ForeignFile] {
    let inputs = KustomizeInputs(files)
    var foreign: [String: ForeignFile] = [:]
    for file in files {
      if let folder = inputs.folder(of: file.path) {
        foreign[file.path] = ForeignFile(
          "a part of a kustomization, of which objects are made: kustomize build \(folder) | pxelab"
            + " validate -", SourceLocation(file: file.path, line: 1, column: 1))
      } else {
        foreign[file.path] = ForeignFile(path: file.path, bytes: file.bytes)
      }
    }
    return foreign
  }

  /// Whether a file is a kustomization by its name.
  static func isKustomization(_ path: String) -> Bool {
    knownNames[path.split(separator: "/").last.map(String.init) ?? path] == kustomization
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
    "install-config.yaml": "the configuration of OpenShift's installer",
  ]

  /// Endings by which people name templates, also before the ending of what they make.
  private static let templateEndings = [".j2", ".jinja", ".jinja2", ".tpl", ".tmpl", ".gotmpl"]

  /// Where the braces of Go's or Jinja's templates keep a file from being read.
  ///
  /// Braces in quotes and in blocks of text are texts, so a file that can be read is no template.
  private static func template(_ path: String, _ bytes: [UInt8]) -> SourceLocation? {
    let braces = ["{{", "{%"].compactMap { ManifestScan.offset(of: $0, in: bytes) }.min()
    guard let braces else { return nil }
    guard isNamedTemplate(path) || isBroken(path, bytes) else { return nil }
    let before = bytes[..<braces]
    let line = before.lastIndex(of: UInt8(ascii: "\n")).map { before[($0 + 1)...] } ?? before
    return SourceLocation(
      file: path, line: 1 + before.count { $0 == UInt8(ascii: "\n") },
      // The bytes of one letter after its first have the upper bits 10.
      column: 1 + line.count { $0 & 0xc0 != 0x80 })
  }

  /// UTF-16 has zeros too, and is refused by its mark when it is read.
  private static func isBinary(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(8192).contains(0) && !bytes.starts(with: [0xff, 0xfe])
      && !bytes.starts(with: [0xfe, 0xff])
  }

  private static func isNamedTemplate(_ path: String) -> Bool {
    var name = Substring(path)
    for ending in [".yaml", ".yml", ".json"] where name.hasSuffix(ending) {
      name = name.dropLast(ending.count)
    }
    return templateEndings.contains(where: name.hasSuffix)
  }

  private static func isBroken(_ path: String, _ bytes: [UInt8]) -> Bool {
    ManifestReader(path: path, bytes: bytes).contains { element in
      if case .problem(let problem) = element { !problem.isMissingKind } else { false }
    }
  }

  /// Whether any document of a file is an object, or is meant to be one.
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
    let hasVersion = ["apiVersion", "apiversion"].contains {
      ManifestScan.offset(of: $0, in: bytes) != nil
    }
    var isEmpty = true
    for element in ManifestReader(path: path, bytes: bytes) {
      isEmpty = false
      switch element {
      case .document: return true
      case .problem(let problem) where problem.isMissingKind: continue
      // Settings of editors are JSON with comments, and have kinds of their own.
      case .problem(let problem) where problem.isUnreadable && !hasVersion: continue
      case .problem: return true
      }
    }
    return isEmpty
  }
}
