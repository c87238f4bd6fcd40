import Execution
import ExternalCommand
import FileSystem
import Parts
import Planning

extension ServerPlan {
  /// The programs that serve.
  ///
  /// - Parameter program: the path of the program that serves by HTTP, pxelab-lab.
  /// - Throws: ``BootServiceError`` when the user's own program cannot be found.
  package func parts(program: String) throws -> [Part] {
    if let command { return [try part(of: command)] }
    var parts = [addressServer, fileServer(program)]
    if let configuration = stunnelConfiguration { parts.append(tlsServer(configuration)) }
    return parts
  }

  /// DHCP and TFTP.
  private var addressServer: Part {
    Part(
      title: "dnsmasq of \(attachment)",
      // It writes its number once its sockets are bound.
      start: .foreground(
        Command("dnsmasq", ["--keep-in-foreground", "--conf-file=\(dnsmasqConfigurationPath)"]),
        readyFile: "\(directory)/dnsmasq.pid"),
      networks: [attachment], namespace: networkNamespace, configuration: dnsmasqConfiguration,
      log: log,
      note: note("dnsmasq"), policy: PartPolicy(isUrgent: true),
      prepare: { [self] in
        try Files.makeFolder(installedFolder, mode: 0o755)
        try Files.write(dnsmasqConfiguration, to: dnsmasqConfigurationPath)
      })
  }

  private func fileServer(_ program: String) -> Part {
    let pidFile = "\(directory)/http.pid"
    return Part(
      title: "the HTTP server of \(attachment)",
      start: .foreground(
        Command(
          program,
          ["serve-files", servedRoot, installedFolder, pidFile] + addresses),
        readyFile: pidFile),
      networks: [attachment], namespace: networkNamespace, log: accessLog, note: note("http"),
      policy: PartPolicy(isUrgent: true))
  }

  /// stunnel ends TLS and passes on to port 80.
  private func tlsServer(_ configuration: String) -> Part {
    Part(
      title: "stunnel of \(attachment)",
      start: .foreground(Command("stunnel", [stunnelConfigurationPath])),
      networks: [attachment], namespace: networkNamespace, configuration: configuration,
      log: tlsLog,
      note: note("stunnel"), policy: PartPolicy(isUrgent: true),
      prepare: { [self] in try Files.write(configuration, to: stunnelConfigurationPath) })
  }

  /// A server of the user's own is not started again: its end is what its author wants to see.
  private func part(of command: ServerCommand) throws -> Part {
    let title = "the server of \(attachment), \(command.program),"
    let search = ExecutableSearch.current
    let isPath = command.program.contains("/")
    // Debian's PATH of an ordinary user lacks the folders of servers.
    guard let path = isPath ? command.program : search.path(of: command.program) else {
      throw BootServiceError(
        description: "\(title) cannot be started: no program \(command.program) in "
          + search.folders.joined(separator: ", "))
    }
    return Part(
      title: title,
      start: .foreground(
        Command(path, command.arguments, environment: command.environment),
        workingDirectory: command.workingDirectory),
      networks: [attachment], namespace: networkNamespace, log: log, note: note("server"),
      policy: PartPolicy(restarts: false, hungPatience: nil))
  }

  private func note(_ name: String) -> String { "\(directory)/\(name).part" }
}
