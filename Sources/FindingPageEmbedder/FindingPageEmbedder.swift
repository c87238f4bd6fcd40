import FoundationEssentials

/// Writes the Swift source that holds the pages of a folder: `FindingPageEmbedder FOLDER SOURCE`.
@main
enum FindingPageEmbedder {
  static func main() throws {
    guard CommandLine.arguments.count == 3 else { throw EmbeddingError.usage }
    let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasPrefix("PXL") && $0.hasSuffix(".md") }
      .sorted()
    guard !pages.isEmpty else { throw EmbeddingError.noPages(folder.path) }
    let rows = try pages.map { page in
      let text = try String(contentsOf: folder.appending(path: page), encoding: .utf8)
      return "    (\(String(page.dropLast(3)).debugDescription), \(text.debugDescription)),\n"
    }
    let source = """
      extension FindingDocument {
        static let texts: [(id: String, text: String)] = [
      \(rows.joined())  ]
      }

      """
    try Data(source.utf8).write(
      to: URL(fileURLWithPath: CommandLine.arguments[2]), options: .atomic)
  }
}

/// Why no source was written.
private enum EmbeddingError: Error, CustomStringConvertible {
  case usage
  case noPages(String)

  var description: String {
    switch self {
    case .usage: "usage: FindingPageEmbedder FOLDER SOURCE"
    case .noPages(let folder): "no PXL*.md is in \(folder)"
    }
  }
}
