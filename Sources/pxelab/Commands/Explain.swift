import ArgumentParser
import FindingPages
import Objects

/// `pxelab explain`.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what a finding means, how it is recognised, and how to mend it.",
    discussion: "Without an id, all findings are listed.")

  @Argument(help: "The finding's id: PXL003.")
  var id: String?

  @OptionGroup var format: FormatOption

  private struct Entry: Encodable {
    let id: String
    let severity: String
    let title: String
    let text: String?
  }

  func run() throws {
    guard let id else { return try list() }
    guard let document = FindingDocument(id) else { throw Failure(.usage, unknown(id)) }
    switch format.format {
    case .text: try Output.write(document.text)
    case .json: try Output.json(entry(document, text: document.text))
    }
  }

  private func list() throws {
    switch format.format {
    case .text:
      var table = Table(["ID", "SEVERITY", "FINDING"])
      for document in FindingDocument.all {
        table.add([document.id, document.severity, document.title])
      }
      try Output.line(table.text)
    case .json: try Output.json(FindingDocument.all.map { entry($0, text: nil) })
    }
  }

  private func entry(_ document: FindingDocument, text: String?) -> Entry {
    Entry(
      id: document.id, severity: document.severity, title: document.title, text: text)
  }

  private func unknown(_ id: String) -> String {
    let near = nearest(to: id.uppercased(), among: FindingDocument.all.map(\.id))
    return "there is no finding \(id)"
      + (near.map { "; did you mean \($0)?" } ?? "; `pxelab explain` lists them")
  }
}
