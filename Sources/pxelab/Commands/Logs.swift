import ArgumentParser
import FileSystem
import LabHost
import LabPlan

/// `pxelab logs`.
struct Logs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Print what a lab's parts have written: supervisor, servers, libvirt, consoles.")

  @Argument(help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  @Option(name: .long, help: "Only this part, as the list names it.")
  var part: String?

  @Flag(name: .long, help: "List the parts and their files.")
  var list: Bool = false

  @OptionGroup var format: FormatOption

  /// A part in `--list --format json`.
  private struct Part: Encodable {
    var part: String
    var file: String
  }

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let plan = try await labs.plan(try labs.resolve(lab))
    let parts = try Self.parts(of: plan)
    if list, format.format == .json {
      return try Output.json(parts.map { Part(part: $0.name, file: $0.path) })
    }
    if list {
      var table = Table(["PART", "FILE"])
      for part in parts { table.add([part.name, part.path]) }
      try Output.line(table.text)
      return
    }
    let chosen = part.map { name in parts.filter { $0.name == name } } ?? parts
    guard !chosen.isEmpty else {
      throw Failure(
        .usage,
        "the lab \(plan.lab) has no part \(part ?? ""); it has "
          + parts.map(\.name).joined(separator: ", "))
    }
    for part in chosen {
      if chosen.count > 1 { try Output.line("==> \(part.name): \(part.path) <==") }
      try Output.write(try Files.read(part.path))
    }
  }

  private static func parts(of plan: LabPlan) throws -> [(name: String, path: String)] {
    let paths = plan.paths
    var parts = [("supervisor", paths.supervisorLog)]
    parts.append(("lab", paths.daemonLog))
    parts.append((LabPlan.node, paths.agentLog(LabPlan.node)))
    parts.append(("uplink", paths.uplinkLog))
    parts += plan.servers.map { ("server/\($0.attachment)", $0.log) }
    parts += plan.servers.map { ("http/\($0.attachment)", $0.accessLog) }
    parts += plan.servers.map { ("https/\($0.attachment)", $0.tlsLog) }
    parts += plan.machines.map { ("console/\($0.name)", $0.consoleLog) }
    parts.append(("libvirtd", "\(paths.libvirtLogs)/libvirtd.log"))
    parts += plan.machines.map { ("qemu/\($0.name)", "\(paths.libvirtLogs)/qemu/\($0.name).log") }
    for program in ["ovsdb-server", "ovs-vswitchd"] {
      parts.append((program, "\(paths.openVSwitch)/\(program).log"))
    }
    return parts.filter { Files.exists($0.1) }.map { (name: $0.0, path: $0.1) }
  }
}
