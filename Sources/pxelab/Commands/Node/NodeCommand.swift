import ArgumentParser
import LabHost

/// `pxelab node`.
struct NodeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "node",
    abstract: "Show and change the nodes of a lab.",
    subcommands: [
      NodeList.self, NodeDescribe.self, NodeLabel.self, NodeTaint.self, NodeCordon.self,
      NodeUncordon.self, NodeDrain.self, NodePowerCommand.self,
    ])
}

extension LabOption {
  /// Speaks with the lab.
  func client() throws -> LabClient {
    let labs = LabRegistry(folders: try .current())
    return try labs.client(of: try labs.resolve(lab))
  }
}

/// Prints nodes as a table or as JSON.
func show(nodes: [NodeSummary], as format: OutputFormat) throws {
  guard format == .text else { return try Output.json(nodes) }
  var table = Table(["NODE", "STATE", "ROLES", "TAINTS", "MACHINES"])
  for node in nodes {
    table.add([
      node.name, node.state + (node.isSchedulable ? "" : ",SchedulingDisabled"),
      node.roles.isEmpty ? "-" : node.roles.joined(separator: ","),
      node.taints.isEmpty ? "-" : node.taints.joined(separator: " "),
      node.machines.isEmpty ? "-" : node.machines.joined(separator: ", "),
    ])
  }
  try Output.line(table.text)
}

/// `pxelab node list`.
struct NodeList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the nodes and the machines on them.")

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func run() async throws {
    try show(nodes: try await lab.client().nodes(), as: format.format)
  }
}
