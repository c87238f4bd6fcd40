import ArgumentParser
import LabHost

/// `pxelab status`.
struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the labs, their machines, addresses and sockets.")

  @Argument(help: "The lab's name or folder; without it all labs.")
  var lab: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let all =
      if let lab {
        [try await labs.status(try labs.resolve(lab)) { complain($0) }]
      } else {
        try await labs.statuses { complain($0) }
      }
    if format.format == .json {
      try Output.json(all)
    } else if all.isEmpty {
      try Output.line("no lab is up")
    } else {
      try Output.line(all.map(text).joined(separator: "\n\n"))
    }
  }

  private func text(_ status: LabStatus) -> String {
    var lines = [
      "lab \(status.lab): \(status.phase.rawValue)",
      "  folder     \(status.directory)",
    ]
    if let nodes = status.nodes {
      lines += nodes.map { node in
        "  node       \(node.name), \(node.state): virsh -c '\(node.libvirtURI)'"
      }
    } else {
      lines.insert("  libvirt    virsh -c '\(status.libvirtURI)'", at: 1)
    }
    if let dataplane = status.dataplane, let processor = status.acceleration {
      lines.insert(
        contentsOf: [
          "  dataplane  \(dataplane.choice.title) (\(dataplane.reason))",
          "  processor  \(processor.choice) (\(processor.reason))",
        ], at: 1)
    }
    for server in status.servers {
      lines.append(
        "  server     \(server.address) on \(server.attachment)"
          + (server.vlan.map { ", VLAN \($0)" } ?? "")
          + (server.command.map { ": \($0)" } ?? ""))
      if let failure = server.failure {
        lines.append("    serves no more: \(failure.replacing("\n", with: "\n      "))")
      }
    }
    for part in status.parts ?? [] where part.state != "running" {
      lines.append(
        "  degraded   \(part.name): \(part.state)"
          + (part.message.map { ": \($0.replacing("\n", with: "\n      "))" } ?? ""))
    }
    for (interface, bridge) in (status.uplinks ?? [:]).sorted(by: { $0.key < $1.key }) {
      lines.append(
        "  uplink     \(interface) is in the lab, a trunk of \(bridge), until `pxelab down "
          + "\(status.lab)`")
    }
    switch status.phase {
    case .dead:
      lines.append("  its processes are gone: `pxelab down \(status.lab)` removes what is left")
    case .silent:
      lines.append("  its API does not answer: `pxelab down \(status.lab)` ends it")
    case .starting, .running, .degraded:
      break
    }
    let showsNodes = status.nodes != nil
    var table = Table(
      [
        "MACHINE", showsNodes ? "NODE" : nil, "POWER", "STAGE", "INTERFACE", "MAC", "NETWORK",
        "VLAN", "ADDRESS",
      ].compactMap { $0 })
    for machine in status.machines {
      // One without interfaces has a line too.
      for index in 0..<max(1, machine.interfaces.count) {
        let interface = machine.interfaces.dropFirst(index).first
        table.add(
          [
            index == 0 ? machine.name : "",
            showsNodes ? (index == 0 ? machine.node ?? "-" : "") : nil,
            index == 0 ? machine.power ?? "-" : "",
            index == 0 ? machine.stage : "", interface?.name ?? "-",
            interface?.mac.description ?? "-", interface?.network ?? "-",
            interface?.vlan?.description ?? "-", interface?.address?.description ?? "-",
          ].compactMap { $0 })
      }
    }
    lines += ["", table.text, ""]
    lines += status.machines.compactMap { machine in
      machine.reason.map { "\(machine.name) is \(machine.stage): \($0)" }
    }
    lines += status.machines.map { "console of \($0.name): \($0.console)" }
    return lines.joined(separator: "\n")
  }
}
