import ArgumentParser
import FileSystem
import LabHost
import Planning

/// `pxelab logs`.
struct Logs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs",
    abstract: "Print what a lab's parts have written: supervisor, servers, libvirt, consoles.",
    discussion: """
      The logs, captures and reports of the last labs that were removed are kept: with --last they \
      are printed from there.
      """)

  @Argument(help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  @Option(name: .long, help: "Only this part, as the list names it.")
  var part: String?

  @Flag(name: .long, help: "List the parts and their files.")
  var list: Bool = false

  @Flag(name: .long, help: "Of the lab that was removed last; with a name, of that name.")
  var last: Bool = false

  @OptionGroup var format: FormatOption

  /// A part in `--list --format json`.
  private struct Part: Encodable {
    var part: String
    var file: String
  }

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    if last { return try show(try Self.kept(lab, in: labs)) }
    let plan = try await labs.plan(try labs.resolve(lab))
    try show((plan.lab, try Self.parts(of: plan)))
  }

  private func show(_ logs: (lab: String, parts: [(name: String, path: String)])) throws {
    let parts = logs.parts
    if list, format.format == .json {
      return try Output.json(parts.map { Part(part: $0.name, file: $0.path) })
    }
    if list {
      var table = Table(["PART", "FILE"])
      for part in parts { table.add([part.name, part.path]) }
      try Output.line(table.text)
      return
    }
    let chosen =
      part.map { name in parts.filter { $0.name == name } }
      ?? parts.filter { $0.path.hasSuffix(".log") }
    guard !chosen.isEmpty else {
      throw Failure(
        .usage,
        "the lab \(logs.lab) has no part \(part ?? ""); it has "
          + parts.map(\.name).joined(separator: ", "))
    }
    for part in chosen {
      if chosen.count > 1 { try Output.line("==> \(part.name): \(part.path) <==") }
      try Output.write(try Files.read(part.path))
    }
  }

  /// What is kept of a lab that was removed, by its files.
  private static func kept(
    _ name: String?, in labs: LabRegistry
  ) throws -> (lab: String, parts: [(name: String, path: String)]) {
    let evidence = KeptEvidence(stateFolder: labs.folders.state)
    guard let lab = try evidence.labs(named: name).first else {
      let names = try evidence.labs().map(\.name)
      throw Failure(
        .lab,
        "nothing is kept of \(name.map { "a lab \($0)" } ?? "any lab")"
          + (names.isEmpty ? "" : ", but of \(names.joined(separator: ", "))"))
    }
    let parts = try lab.files().map { file in
      (name: file.hasSuffix(".log") ? String(file.dropLast(4)) : file, path: "\(lab.path)/\(file)")
    }
    return ("\(lab.name), removed \(lab.time)", parts)
  }

  private static func parts(of plan: LabPlan) throws -> [(name: String, path: String)] {
    let paths = plan.paths
    var parts = [("supervisor", paths.supervisorLog)]
    parts.append(("lab", paths.daemonLog))
    parts += plan.roles.compactMap(\.agent).map { ($0, paths.agentLog($0)) }
    parts.append(("uplink", paths.uplinkLog))
    parts += plan.schedulers.map { ("scheduler/\($0.name)", $0.log) }
    parts += plan.servers.map { ("server/\($0.attachment)", $0.log) }
    parts += plan.servers.map { ("http/\($0.attachment)", $0.accessLog) }
    parts += plan.servers.map { ("https/\($0.attachment)", $0.tlsLog) }
    parts += plan.machines.map { ("console/\($0.name)", $0.consoleLog) }
    for role in plan.roles {
      let files = paths.files(of: role)
      if role.isPart { parts.append((role.title(of: "uplink"), "\(files.directory)/uplink.log")) }
      parts += plan.attachments.map { attachment in
        (
          role.title(of: "ipam/\(attachment.title)"),
          AddressServerPlan.log(of: attachment.title, in: files.directory)
        )
      }
      parts.append((role.title(of: "libvirtd"), "\(files.libvirtLogs)/libvirtd.log"))
      parts += plan.machines.map { machine in
        (role.title(of: "qemu/\(machine.name)"), files.emulatorLog(of: machine.name))
      }
      for program in ["ovsdb-server", "ovs-vswitchd"] {
        parts.append((role.title(of: program), "\(files.openVSwitch)/\(program).log"))
      }
    }
    return parts.filter { Files.exists($0.1) }.map { (name: $0.0, path: $0.1) }
  }
}
