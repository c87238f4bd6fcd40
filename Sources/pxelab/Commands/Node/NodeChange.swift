import ArgumentParser
import LabHost

/// `pxelab node label`.
struct NodeLabel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Give a node labels, or take them away.",
    discussion:
      "Machines that wait for a node are looked at again; those that run stay where they are.")

  @Argument(help: "The node's name.")
  var node: String

  @Argument(help: "KEY=VALUE, or KEY- to take it away.")
  var labels: [String]

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func run() async throws {
    let edits = try labels.map { try NodeEdit(label: $0) }
    let node = try await lab.client().change(node: node, edits)
    try show(nodes: [node], as: format.format)
  }
}

/// `pxelab node taint`.
struct NodeTaint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "taint", abstract: "Taint a node, or take taints away.")

  @Argument(help: "The node's name.")
  var node: String

  @Argument(help: "KEY=VALUE:EFFECT or KEY:EFFECT; KEY:EFFECT- or KEY- to take it away.")
  var taints: [String]

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func run() async throws {
    let edits = try taints.map { try NodeEdit(taint: $0) }
    let node = try await lab.client().change(node: node, edits)
    try show(nodes: [node], as: format.format)
  }
}

/// `pxelab node cordon`.
struct NodeCordon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cordon", abstract: "Place no more machines on a node; those that run stay.")

  @Argument(help: "The node's name.")
  var node: String

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func run() async throws {
    let node = try await lab.client().change(node: node, [.schedulable(false)])
    try show(nodes: [node], as: format.format)
  }
}

/// `pxelab node uncordon`.
struct NodeUncordon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uncordon", abstract: "Place machines on a node again.")

  @Argument(help: "The node's name.")
  var node: String

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func run() async throws {
    let node = try await lab.client().change(node: node, [.schedulable(true)])
    try show(nodes: [node], as: format.format)
  }
}

/// `pxelab node drain`.
struct NodeDrain: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drain",
    abstract: "Cordon a node and take its machines off it.",
    discussion: """
      A VirtualMachine whose run strategy starts it goes to another node, where one takes it. An \
      instance without a VirtualMachine is deleted for good, and only with --force. Machines are \
      not migrated.
      """)

  @Argument(help: "The node's name.")
  var node: String

  @Flag(name: .long, help: "Delete instances without a VirtualMachine too.")
  var force: Bool = false

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func run() async throws {
    let client = try lab.client()
    let machines = try await client.drain(node: node, force: force)
    for machine in machines where format.format == .text {
      try Output.line("\(machine) is taken off \(node)")
    }
    try show(nodes: [try await client.node(node)], as: format.format)
  }
}
