import ArgumentParser
import Kinds
import LabHost

/// A node of a lab that is up, as commands name it.
struct NodeArgument: ParsableArguments {
  @Argument(help: ArgumentHelp("The node's name.", valueName: "node"))
  var name: String

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  /// Changes the node, and shows it then.
  func change(_ edits: [NodeEdit]) async throws {
    let node = try await lab.client().change(node: name, edits)
    try show(nodes: [node], as: format.format)
  }
}

/// `pxelab node label`.
struct NodeLabel: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Give a node labels, or take them away.",
    discussion:
      "Machines that wait for a node are looked at again; those that run stay where they are.")

  @OptionGroup var node: NodeArgument

  @Argument(help: "KEY=VALUE, or KEY- to take it away.")
  var labels: [String]

  func run() async throws {
    try await node.change(try labels.map { try NodeEdit(label: $0) })
  }
}

/// `pxelab node taint`.
struct NodeTaint: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "taint", abstract: "Taint a node, or take taints away.")

  @OptionGroup var node: NodeArgument

  @Argument(help: "KEY=VALUE:EFFECT or KEY:EFFECT; KEY:EFFECT- or KEY- to take it away.")
  var taints: [String]

  func run() async throws {
    try await node.change(try taints.map { try NodeEdit(taint: $0) })
  }
}

/// `pxelab node cordon`.
struct NodeCordon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cordon", abstract: "Place no more machines on a node; those that run stay.")

  @OptionGroup var node: NodeArgument

  func run() async throws {
    try await node.change([.schedulable(false)])
  }
}

/// `pxelab node uncordon`.
struct NodeUncordon: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uncordon", abstract: "Place machines on a node again.")

  @OptionGroup var node: NodeArgument

  func run() async throws {
    try await node.change([.schedulable(true)])
  }
}

extension NodePower: ExpressibleByArgument {}

/// `pxelab node power`.
struct NodePowerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "power",
    abstract: "Take a node's power away, or give it back.",
    discussion: """
      Without power the node ends at once with all that runs on it, as in a power failure; the lab and \
      its other nodes go on. With power again, its machines start as their run strategy says.
      """)

  @Argument(help: "on or off.")
  var power: NodePower

  @OptionGroup var node: NodeArgument

  func run() async throws {
    let client = try node.lab.client()
    try show(nodes: [try await client.power(power, node: node.name)], as: node.format.format)
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

  @OptionGroup var node: NodeArgument

  @Flag(name: .long, help: "Delete instances without a VirtualMachine too.")
  var force: Bool = false

  func run() async throws {
    let client = try node.lab.client()
    let machines = try await client.drain(node: node.name, force: force)
    for machine in machines where node.format.format == .text {
      try Output.line("\(machine) is taken off \(node.name)")
    }
    try show(nodes: [try await client.node(node.name)], as: node.format.format)
  }
}
