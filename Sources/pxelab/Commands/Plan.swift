import ArgumentParser
import DryLab
import FileSystem
import LabHost
import Planning

/// `pxelab plan`.
struct Plan: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Print everything that `up` would do, and touch nothing.")

  @Argument(help: "The lab's folder, or one file with all its manifests.")
  var path: String = "."

  @Option(name: .long, help: "The lab's name, instead of lab.yaml's or the folder's.")
  var name: String?

  @OptionGroup var plugins: CNIPluginsOption
  @OptionGroup var uplinks: UplinkOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    let input = try LabFolder.load(path, name: name, cniPlugins: plugins.version) {
      complain("\($0)")
    }
    let folders = try Folders.current()
    let lab = try await Preparation(folders: folders, functionCards: uplinks.sriov).lab(
      input, from: path, cniPlugins: plugins.version, fetching: false, uplinks: uplinks.request
    ).dry.complete()
    if format.format == .json {
      try Output.json(PlacedPlan(lab))
    } else {
      try Output.line(text(lab, folders))
    }
  }

  /// A plan with where its machines go.
  private struct PlacedPlan: Encodable {
    let lab: DryLab

    init(_ lab: DryLab) { self.lab = lab }

    private enum Key: CodingKey {
      case placements
    }

    func encode(to encoder: any Encoder) throws {
      try lab.plan.withoutSecrets.encode(to: encoder)
      var container = encoder.container(keyedBy: Key.self)
      let placements = lab.plan.machines.map { ($0.name, lab.placement(of: $0)) }
      try container.encode(
        Dictionary(placements) { first, _ in first }, forKey: .placements)
    }
  }

  private func text(_ lab: DryLab, _ folders: Folders) -> String {
    let plan = lab.plan
    var lines = [
      "# lab \(plan.lab)",
      "# dataplane: \(plan.dataplane.engine.choice.title) (\(plan.dataplane.engine.reason))",
      "# processor: \(plan.acceleration.choice) (\(plan.acceleration.reason))",
    ]
    lines += plan.notices.map { "# \($0)" }
    lines += placements(lab)
    lines += ["", "# sandbox"]
    lines.append(
      plan.launch(folders.daemon, state: folders.state, cache: folders.cache).shellText)
    for (role, part) in lab.parts {
      lines += [
        "", plan.hasFabric ? "# network of \(role.agent ?? "")" : "# network, in the sandbox",
      ]
      lines += network(part)
    }
    for trunk in plan.trunks {
      lines += ["", "# the uplink \(trunk.interface), by now in the sandbox"]
      lines += trunk.join.map(\.shellText)
    }
    if let uplink = plan.uplink {
      lines += ["", "# the pod network's way out, of a sandbox whose process is 4711"]
      lines.append(
        uplink.keeping(
          UplinkPlan.command.program, UplinkPlan.command.arguments, sandbox: 4711
        ).shellText + " <\(uplink.standardInput(sandbox: 4711))")
    }
    for server in plan.servers {
      lines += server.setUp.map(\.shellText)
      if let certificate = server.certificate {
        lines += ["", "# \(certificate.request.path)", certificate.request.text]
        lines += certificate.commands.map(\.shellText)
      }
      if let command = server.command {
        lines += [
          "", "# the server of \(server.attachment), in \(command.workingDirectory)",
          "ip netns exec \(server.networkNamespace) \(command.text)",
        ]
        continue
      }
      lines += ["", "# \(server.dnsmasqConfigurationPath)", server.dnsmasqConfiguration]
      if let configuration = server.stunnelConfiguration {
        lines += ["# \(server.stunnelConfigurationPath)", configuration]
      }
    }
    for scheduler in plan.schedulers {
      lines += [
        "", "# the scheduler \(scheduler.name), in \(scheduler.workingDirectory)",
        scheduler.text,
      ]
    }
    for machine in plan.machines {
      for volume in machine.volumes {
        lines.append("# disk \(machine.name)/\(volume.summary)")
        lines += volume.commands(making: volume.path, folder: volume.seedFolder).map(\.shellText)
      }
      lines += ["# domain \(machine.name)", machine.domainXML]
    }
    return lines.joined(separator: "\n")
  }

  /// The node of each machine where there are several; of machines that wait for one, why.
  private func placements(_ lab: DryLab) -> [String] {
    lab.plan.machines.flatMap { machine -> [String] in
      let placement = lab.placement(of: machine)
      let remarks = placement.remarks.map { "#   \($0)" }
      if let node = placement.node {
        guard lab.plan.hasFabric || !remarks.isEmpty else { return [] }
        return ["# \(machine.name): on \(node)"] + remarks
      }
      return placement.message.map { ["# \(machine.name): Pending: \($0)"] + remarks } ?? []
    }
  }

  /// What makes the network, and the servers of the addresses that attachments assign.
  private func network(_ plan: LabPlan) -> [String] {
    plan.dataplane.setUp.map(\.shellText)
      + plan.dataplane.bridges.flatMap(\.addressServers).flatMap { server in
        ["", "# \(server.configurationPath)", server.configuration]
      }
  }
}
