import Execution
import ExternalCommand
import FileSystem
import Foundation
import Glibc
import LabPlan
import Sandbox
import Subprocess

/// DHCP, TFTP and HTTP on one network attachment: dnsmasq and pxelab's file server, both in the
/// attachment's own namespace; or what lab.yaml names in their place.
struct PXEServer: Sendable {
  let plan: ServerPlan
  let runner: any CommandRunner

  /// Starts dnsmasq and returns when it answers: it forks only after its sockets are bound. A
  /// server by command is started by ``serve(program:)``.
  func start() async throws {
    if plan.image != nil { try Mounts.showFiles(of: plan.root, at: plan.servedRoot) }
    for command in plan.setUp { try await runner.run(command) }
    guard plan.command == nil else { return }
    try Files.makeFolder(plan.installedFolder, mode: 0o755)
    try Files.write(plan.dnsmasqConfiguration, to: plan.dnsmasqConfigurationPath)
    try await runner.run(
      Command(
        "ip",
        [
          "netns", "exec", plan.networkNamespace, "dnsmasq",
          "--conf-file=\(plan.dnsmasqConfigurationPath)",
        ]))
  }

  /// Serves until cancelled: the same files by HTTP on port 80, or by the command of lab.yaml.
  ///
  /// - Throws: an error with the last words of what has ended; nothing that serves ends by itself.
  func serve(program: String) async throws {
    if let command = plan.command {
      try await run(command)
    } else {
      try await serveHTTP(program: program)
    }
  }

  private func run(_ command: ServerCommand) async throws {
    let name = "the server of \(plan.attachment), \(command.program),"
    // Debian's PATH of an ordinary user lacks the folders of servers.
    let search = ExecutableSearch.current
    let isPath = command.program.contains("/")
    guard let program = isPath ? command.program : search.path(of: command.program) else {
      throw ServerError(
        description: "\(name) cannot be started: no program \(command.program) in "
          + search.folders.joined(separator: ", "))
    }
    let log = open(plan.log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw FileError("write \(plan.log)") }
    defer { close(log) }
    let variables = command.environment.map { name, value in
      (Environment.Key(stringLiteral: name), Optional(value))
    }
    guard let ip = search.path(of: "ip") else {
      throw CommandError.missingProgram("ip", searched: search.folders)
    }
    let output = FileDescriptorOutput.fileDescriptor(
      .init(rawValue: log), closeAfterSpawningProcess: false)
    let result = try await Subprocess.run(
      Configuration(
        executable: .path(.init(ip)),
        arguments: Arguments(
          ["netns", "exec", plan.networkNamespace, program] + command.arguments),
        environment: .inherit.updating(Dictionary(uniqueKeysWithValues: variables)),
        workingDirectory: .init(command.workingDirectory)),
      input: .none, output: output, error: output)
    try Task.checkCancellation()
    let said = String(decoding: try Files.read(plan.log), as: UTF8.self)
    let words = said.split(separator: "\n").suffix(12).joined(separator: "\n")
    throw ServerError(
      description: "\(name) \(result.terminationStatus.phrase)"
        + (result.terminationStatus.isSuccess ? ", but a server must stay in the foreground" : "")
        + (words.isEmpty ? "; it said nothing" : ":\n\(words)"))
  }

  /// The server is this program itself, in a process of its own because a process has one network
  /// namespace.
  private func serveHTTP(program: String) async throws {
    let addresses = ["\(plan.address.address)"] + (plan.ipv6.map { ["\($0.address)"] } ?? [])
    let arguments =
      ["netns", "exec", plan.networkNamespace, program, "file-server"]
      + addresses.flatMap { ["--address", $0] }
      + ["--installed", plan.installedFolder, plan.servedRoot]
    guard let ip = ExecutableSearch.current.path(of: "ip") else { return }
    let result = try await Subprocess.run(
      .path(.init(ip)), arguments: Arguments(arguments), input: .none, output: .discarded,
      error: .string(limit: 65536))
    throw CommandError.failed(
      Command("ip", arguments), status: result.terminationStatus.phrase,
      output: result.standardError)
  }
}

/// A server has ended, or could not begin.
struct ServerError: Error, CustomStringConvertible {
  let description: String
}
