import ArgumentParser
import LabHost
import LabManifest
import NetworkAttachment
import Planning

/// `pxelab netconf diff`.
struct NetConfDiff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say where a running lab's ports and bridges are not as attachments ask.",
    discussion: """
      Compares what the kernel or Open vSwitch has now with the NetworkAttachmentDefinitions of \
      FILE, by their names. A machine that is off has no port. Exits with 0 when all is as asked, with 1 when something differs.
      """)

  @Argument(help: "A file or folder with NetworkAttachmentDefinitions.")
  var file: String

  @Option(name: .long, help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  @Option(name: .long, help: "The node whose bridges are compared; without it the only one.")
  var node: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let client = try labs.client(of: try labs.resolve(lab))
    let plan = try await client.plan(ofNode: node)
    let attachments = try attachments(of: plan)
    let state = try await client.dataplane(ofNode: plan.hasFabric ? node : nil)
    let asked = plan.dataplane.asked(by: attachments)
    let differences = state.differences(from: asked)
    switch format.format {
    case .json: try Output.json(differences)
    case .text: try Output.line(text(differences, asked: asked))
    }
    guard differences.isEmpty else { throw ExitCode(ExitStatus.verdict.rawValue) }
  }

  /// The file's attachments by the titles that the lab calls them by.
  private func attachments(of plan: LabPlan) throws -> [String: NetworkAttachmentDefinition] {
    let input = try LabFolder.read(file, name: nil)
    let errors = input.problems.filter { $0.severity == .error }
    for problem in errors { complain("\(problem)") }
    guard errors.isEmpty else { throw Failure(.manifests, "\(file): refused for these errors") }
    let titles = Set(plan.attachments.map(\.title))
    var attachments: [String: NetworkAttachmentDefinition] = [:]
    for attachment in input.attachments {
      for title in ["\(attachment.namespace)/\(attachment.name)", attachment.name]
      where titles.contains(title) {
        attachments[title] = attachment
        break
      }
    }
    guard !attachments.isEmpty else {
      let asked = input.attachments.map(\.name)
      throw Failure(
        .usage,
        asked.isEmpty
          ? "\(file): no NetworkAttachmentDefinition in it"
          : "the lab \(plan.lab) has no attachment \(asked.joined(separator: ", ")); it has "
            + titles.sorted().joined(separator: ", "))
    }
    return attachments
  }

  private func text(_ differences: [PropertyDifference], asked: [BridgePlan]) -> String {
    guard !differences.isEmpty else {
      let ports = asked.reduce(0) { $0 + $1.ports.count }
      return "\(asked.map(\.device).joined(separator: ", ")): "
        + (ports == 1 ? "1 port" : "\(ports) ports") + ", all as asked"
    }
    var table = Table(["PORT", "OF", "PROPERTY", "HAS", "ASKS"])
    for difference in differences {
      table.add([
        difference.port, difference.title, difference.property, difference.has, difference.asks,
      ])
    }
    return table.text
  }
}
