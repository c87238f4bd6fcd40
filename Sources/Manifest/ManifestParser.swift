import Yams

/// The documents of a manifest file, and what is wrong with its YAML.
public struct ManifestFile: Sendable {
  /// The file's path as given.
  public let path: String
  /// The objects in order; a `List` is replaced by its items.
  public private(set) var documents: [ManifestDocument] = []
  /// What is wrong; a document with a YAML error is left out of `documents`.
  public private(set) var problems: [Problem] = []

  /// Reads the YAML (or JSON) text of a file that may hold many documents.
  ///
  /// Each document is read alone, split at lines of `---` as Kubernetes' own reader splits them,
  /// so an error in one does not hide the next. A key that stands twice in a mapping is an error,
  /// as in Kubernetes' strict decoding.
  public init(path: String, text: String) {
    self.path = path
    let text =
      text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
    for part in Self.split(text) {
      read(part)
    }
  }

  private struct Part {
    var text: String
    /// Lines of the file before this part.
    var line: Int
  }

  private static func split(_ text: String) -> [Part] {
    var parts: [Part] = []
    var current: [Substring] = []
    var start = 0
    // Bytes, not characters: to Swift a carriage return and a line feed are one character.
    let lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false)
      .map(Substring.init)
    func close() {
      let isBlank = current.allSatisfy { line in
        let content = line.drop { $0.isWhitespace }
        return content.isEmpty || content.hasPrefix("#")
      }
      if !isBlank { parts.append(Part(text: current.joined(separator: "\n"), line: start)) }
    }
    for (number, line) in lines.enumerated() {
      if line.hasPrefix("---"), line.dropFirst(3).first.map({ " \t\r".contains($0) }) ?? true {
        close()
        // Content after the marker keeps its column: `--- {kind: Lab}`.
        current = ["   " + line.dropFirst(3)]
        start = number
      } else {
        current.append(line)
      }
    }
    close()
    return parts
  }

  private mutating func read(_ part: Part) {
    do {
      let parser = try Parser(yaml: part.text, resolver: .basic, encoding: .utf8)
      var converter = NodeConverter(file: path, lineOffset: part.line, text: part.text)
      while let node = try parser.nextRoot() {
        add(try converter.convert(node))
      }
    } catch let error as YamlError {
      problems.append(Problem(error, file: path, lineOffset: part.line))
    } catch let problem as Problem {
      problems.append(problem)
    } catch {
      problems.append(
        Problem(
          location: SourceLocation(file: path, line: part.line + 1, column: 1),
          message: "the YAML cannot be read: \(error)"))
    }
  }

  private mutating func add(_ root: ManifestNode) {
    if root.isNull { return }
    guard case .mapping = root.content else {
      problems.append(
        Problem(
          location: root.location,
          message: "a Kubernetes object is a mapping, found \(root.jsonKind)"))
      return
    }
    let document = ManifestDocument(root: root)
    if document.kind == "List", case .sequence(let items)? = root["items"]?.content {
      for item in items { add(item) }
      return
    }
    if document.kind.isEmpty {
      var message = "Object 'Kind' is missing: an object needs apiVersion, kind and metadata.name"
      if case .mapping(let entries) = root.content,
        let near = entries.first(where: { $0.key.lowercased() == "kind" })
      {
        message += "; did you mean \"kind\" for \(near.key.debugDescription)?"
      }
      problems.append(Problem(location: root.location, field: "kind", message: message))
      return
    }
    documents.append(document)
  }
}
