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

  /// Serves until cancelled: the same files by HTTP on port 80 and, where asked for, by HTTPS on port
  /// 443, or by the command of lab.yaml.
  ///
  /// - Throws: an error with the last words of what has ended; nothing that serves ends by itself.
  func serve(program: String) async throws {
    if let command = plan.command { return try await run(command) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await serveHTTP(program: program) }
      if let configuration = plan.stunnelConfiguration {
        group.addTask { try await serveHTTPS(configuration) }
      }
      // Neither ends without an error, and each is needed.
      try await group.next()
      group.cancelAll()
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
    try await run(
      name, program, command.arguments, log: plan.log, environment: command.environment,
      workingDirectory: command.workingDirectory)
  }

  /// The server is this program itself, in a process of its own because a process has one network
  /// namespace.
  private func serveHTTP(program: String) async throws {
    let arguments =
      ["file-server"] + plan.addresses.flatMap { ["--address", $0] }
      + ["--installed", plan.installedFolder, plan.servedRoot]
    try await run("the HTTP server of \(plan.attachment)", program, arguments, log: plan.accessLog)
  }

  /// stunnel ends TLS and passes on to port 80.
  private func serveHTTPS(_ configuration: String) async throws {
    let search = ExecutableSearch.current
    guard let program = search.path(of: "stunnel") else {
      throw CommandError.missingProgram("stunnel", searched: search.folders)
    }
    try Files.write(configuration, to: plan.stunnelConfigurationPath)
    try await run(
      "stunnel of \(plan.attachment)", program, [plan.stunnelConfigurationPath], log: plan.tlsLog)
  }

  /// Runs a server in the attachment's namespace.
  ///
  /// - Throws: when it ends.
  private func run(
    _ name: String, _ program: String, _ arguments: [String], log path: String,
    environment: [String: String] = [:], workingDirectory: String? = nil
  ) async throws {
    let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    guard log >= 0 else { throw FileError("write \(path)") }
    defer { close(log) }
    let search = ExecutableSearch.current
    guard let ip = search.path(of: "ip") else {
      throw CommandError.missingProgram("ip", searched: search.folders)
    }
    let variables = environment.map { name, value in
      (Environment.Key(stringLiteral: name), Optional(value))
    }
    let output = FileDescriptorOutput.fileDescriptor(
      .init(rawValue: log), closeAfterSpawningProcess: false)
    let result = try await Subprocess.run(
      Configuration(
        executable: .path(.init(ip)),
        arguments: Arguments(["netns", "exec", plan.networkNamespace, program] + arguments),
        environment: .inherit.updating(Dictionary(uniqueKeysWithValues: variables)),
        workingDirectory: workingDirectory.map { .init($0) }),
      input: .none, output: output, error: output)
    try Task.checkCancellation()
    let said = String(decoding: try Files.read(path), as: UTF8.self)
    let words = said.split(separator: "\n").suffix(12).joined(separator: "\n")
    throw ServerError(
      description: "\(name) \(result.terminationStatus.phrase)"
        + (result.terminationStatus.isSuccess ? ", but a server must stay in the foreground" : "")
        + (words.isEmpty ? "; it said nothing" : ":\n\(words)"))
  }
}

/// A server has ended, or could not begin.
struct ServerError: Error, CustomStringConvertible {
  let description: String
}
