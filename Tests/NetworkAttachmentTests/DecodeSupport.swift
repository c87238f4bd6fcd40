import NetworkAttachment
import Objects
import Testing

/// Decodes a NetworkAttachmentDefinition `net` with a CNI configuration in a block scalar that
/// begins in line 6, column 5.
func decode(
  _ json: String, header: String = "metadata: {name: net}"
) throws -> (NetworkAttachmentDefinition?, [Problem]) {
  let lines = json.split(separator: "\n", omittingEmptySubsequences: false)
  let block = lines.map { "    \($0)" }.joined(separator: "\n")
  let text =
    "apiVersion: k8s.cni.cncf.io/v1\nkind: NetworkAttachmentDefinition\n\(header)\n"
    + "spec:\n  config: |\n\(block)\n"
  let file = ManifestFile(path: "net.yaml", text: text)
  #expect(file.problems.isEmpty)
  let document = try #require(file.documents.first)
  let log = ProblemLog(object: document.object)
  let definition = NetworkAttachmentDefinition(document, log: log)
  return (definition, log.problems)
}
