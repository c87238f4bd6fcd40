import ArgumentParser
import ManifestSchema

/// `pxelab schema`.
struct Schema: ParsableCommand {
  /// What a schema is of.
  enum Subject: String, ExpressibleByArgument, CaseIterable {
    case lab
    case manifest
  }

  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of lab.yaml, or of all manifests, for editors.",
    discussion: """
      The schema (draft 7) gives an editor the names, types and bounds of fields. The first line

        # yaml-language-server: $schema=PATH-OR-URL

      of a manifest names it to editors with yaml-language-server.
      """)

  @Argument(help: "lab for lab.yaml alone, manifest for every kind that a folder may hold.")
  var subject: Subject = .manifest

  func run() throws {
    let schema = subject == .lab ? ManifestSchema.lab : ManifestSchema.manifest
    try Output.line(schema.json(.sorted))
  }
}
