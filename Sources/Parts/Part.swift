import ExternalCommand

/// A program that a lab depends on: how it is started, found again, and asked whether it is well.
package struct Part: Sendable {
  /// How its process comes to be.
  package enum Start: Hashable, Codable, Sendable {
    /// A program that stays in the foreground, as a child of this process. With a file that it makes
    /// when it serves, its start ends only then.
    case foreground(Command, workingDirectory: String? = nil, readyFile: String? = nil)
    /// A program that detaches itself when it serves, and writes its process number to a file.
    case detaching(Command, pidFile: String)
  }

  /// What it is, for a person: `dnsmasq of pxe-net-conf`.
  package var title: String
  /// How it is started.
  package var start: Start
  /// The networks that depend on it: attachments, or `LabPart.podNetwork`; `nil` when all do.
  package var networks: [String]?
  /// The network namespace that it runs in, by its name for ip-netns(8); `nil` for this process's.
  package var namespace: String?
  /// A descriptor of this process that its standard input is; /dev/null without one.
  package var input: Int32?
  /// What it reads besides its command, such as the text of its configuration file. One that runs with
  /// another is not adopted.
  package var configuration: String
  /// The file that it writes its last words to. What a program in the foreground prints goes there.
  package var log: String
  /// The file that says which process it is, so that it is found again after a crash of this one.
  package var note: String
  /// Returns when the part has answered; the time is limited by the policy.
  package var probe: (@Sendable () async throws -> Void)?
  /// What is done before each start: files are written, leftovers removed.
  package var prepare: (@Sendable () async throws -> Void)?
  /// What is done after each start but the first, such as to give a switch its rules again.
  package var restore: (@Sendable () async throws -> Void)?
  /// How patient one is with it.
  package var policy: PartPolicy

  /// A part.
  package init(
    title: String, start: Start, networks: [String]? = nil, namespace: String? = nil,
    input: Int32? = nil,
    configuration: String = "", log: String,
    note: String, policy: PartPolicy = PartPolicy(),
    probe: (@Sendable () async throws -> Void)? = nil,
    prepare: (@Sendable () async throws -> Void)? = nil,
    restore: (@Sendable () async throws -> Void)? = nil
  ) {
    self.title = title
    self.start = start
    self.networks = networks
    self.namespace = namespace
    self.input = input
    self.configuration = configuration
    self.log = log
    self.note = note
    self.policy = policy
    self.probe = probe
    self.prepare = prepare
    self.restore = restore
  }

  /// What makes it that program and no other: another one has to be started anew.
  struct Launch: Hashable, Codable {
    var start: Start
    var namespace: String?
    var configuration: String
  }

  var launch: Launch {
    Launch(start: start, namespace: namespace, configuration: configuration)
  }

  /// The command, in the part's network namespace. ip-netns(8) becomes the program, so that its
  /// process number is the program's.
  var command: Command {
    var command =
      switch start {
      case .foreground(let command, _, _), .detaching(let command, _): command
      }
    guard let namespace else { return command }
    command.arguments = ["netns", "exec", namespace, command.program] + command.arguments
    command.program = "ip"
    return command
  }
}
