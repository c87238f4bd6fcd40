import ArgumentParser
import LabHost

/// `pxelab node describe`.
struct NodeDescribe: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Print what a node has: labels, taints, capacity, uplinks, machines.",
    discussion: """
      Labels of what its processor and its libvirt can do, some 160, are printed as numbers, or one by \
      one with --labels.
      """)

  @OptionGroup var argument: NodeArgument

  @Flag(name: .long, help: "Print each label.")
  var labels = false

  func run() async throws {
    let node = try await argument.lab.client().node(argument.name)
    guard argument.format.format == .text else { return try Output.json(node) }
    var lines = [
      "node \(node.name): \(node.state)" + (node.isSchedulable ? "" : ", cordoned"),
      "  libvirt    virsh -c '\(node.libvirtURI)'",
    ]
    let lists: [(String, [String])] = [
      (
        "label",
        labels
          ? node.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
          : node.foldedLabels
      ),
      ("taint", node.taints),
      ("has", node.allocatable.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }),
      ("uplink", node.uplinks), ("machine", node.machines),
    ]
    for (title, items) in lists {
      lines += items.map { "  \(title.padded(to: 10)) \($0)" }
    }
    try Output.line(lines.joined(separator: "\n"))
  }
}
