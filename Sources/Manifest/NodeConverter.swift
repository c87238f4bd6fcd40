import Yams

/// Turns Yams' nodes into `ManifestNode`s, with places counted from the start of the file.
struct NodeConverter {
  let file: String
  let lineOffset: Int
  private let lines: [Substring]
  /// Nodes still allowed: aliases can make a small file into an endless tree.
  private var budget: Int

  init(file: String, lineOffset: Int, text: String) {
    self.file = file
    self.lineOffset = lineOffset
    lines = text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map(Substring.init)
    budget = 100_000 + text.utf8.count
  }

  mutating func convert(_ node: Node) throws -> ManifestNode {
    let location = location(of: node.mark)
    budget -= 1
    guard budget >= 0 else {
      throw Problem(location: location, message: "document contains excessive aliasing")
    }
    switch node {
    case .mapping(let mapping):
      var entries: [ManifestNode.Entry] = []
      entries.reserveCapacity(mapping.count)
      for (key, value) in mapping {
        guard case .scalar(let scalar) = key else {
          throw Problem(
            location: self.location(of: key.mark), message: "a key must be a text, not a structure")
        }
        entries.append(
          ManifestNode.Entry(
            key: scalar.string, location: self.location(of: key.mark), value: try convert(value)))
      }
      return ManifestNode(.mapping(entries), location: location)
    case .sequence(let sequence):
      var items: [ManifestNode] = []
      items.reserveCapacity(sequence.count)
      for item in sequence { items.append(try convert(item)) }
      return ManifestNode(.sequence(items), location: location)
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain || scalar.style == .any
      return ManifestNode(
        .scalar(
          ManifestNode.Scalar(
            text: scalar.string, isPlain: isPlain, origin: origin(of: scalar, at: location))),
        location: location)
    case .alias:
      throw Problem(location: location, message: "an alias that names no anchor")
    }
  }

  private func location(of mark: Mark?) -> SourceLocation {
    SourceLocation(
      file: file, line: lineOffset + (mark?.line ?? 1), column: mark?.column ?? 1)
  }

  private func origin(of scalar: Node.Scalar, at location: SourceLocation) -> SourceLocation? {
    var origin = location
    switch scalar.style {
    case .literal:
      let first = location.line - lineOffset
      guard let index = lines.indices.dropFirst(first).first(where: { !isBlank(lines[$0]) })
      else { return nil }
      origin.line = location.line + 1
      origin.column = lines[index].prefix { $0 == " " }.count + 1
    case .singleQuoted, .doubleQuoted:
      guard !scalar.string.contains("\n") else { return nil }
      origin.column += 1
    case .any, .plain:
      guard !scalar.string.contains("\n") else { return nil }
    case .folded: return nil
    }
    return origin
  }

  private func isBlank(_ line: Substring) -> Bool {
    line.allSatisfy(\.isWhitespace)
  }
}
