import ArgumentParser
import LabHost

/// `pxelab wait`.
struct Wait: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: "Wait until machines are judged, or are in a phase or condition.",
    discussion: """
      Waits for all machines of a lab that are on, or for one machine. For verdicts it prints them \
      and exits with them, as `up` does.
      """)

  @Argument(help: "A lab's name or folder, or with --lab a machine; without it the only lab.")
  var target: String?

  @Option(name: .long, help: "The lab of the machine.")
  var lab: String?

  @Option(
    name: .customLong("for"),
    help: "verdict, phase=Running, or condition=Ready, condition=Paused=False.")
  var state: WaitedState = .verdict

  @Option(name: .long, help: "How long to wait, in seconds.")
  var timeout: Double = 3600

  @OptionGroup var format: FormatOption

  func validate() throws {
    if !(timeout > 0 && timeout <= 86400) {
      throw ValidationError("--timeout is more than 0 and at most 86400 seconds")
    }
  }

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let interruption = await Interruption()
    let (name, machine) = try await named(labs)
    let client = try labs.client(of: name)
    let report = try await interruption.cancelling { [state, timeout] in
      try await client.wait(for: state, machine: machine, within: .seconds(timeout))
    }
    guard let report else { return }
    if format.format == .json {
      try Output.json(report)
    } else {
      try Output.line(VerdictText(report, terminal: .standardOutput).text)
    }
    guard report.holds else { throw ExitCode(ExitStatus.verdict.rawValue) }
  }

  /// The lab, and the machine if one is meant: with `--lab` the argument is a machine, without it a lab,
  /// or the machine of the only lab that has no such name.
  private func named(_ labs: LabRegistry) async throws -> (lab: String, machine: String?) {
    if let lab { return (try labs.resolve(lab), target) }
    guard let target else { return (try labs.resolve(nil), nil) }
    let names = try labs.names()
    if names.count == 1, !names.contains(target), let only = names.first,
      try await labs.plan(only).machines.contains(where: { $0.name == target })
    {
      return (only, target)
    }
    return (try labs.resolve(target), nil)
  }
}

extension WaitedState: ExpressibleByArgument {
  /// The state that a command line names; `nil` when there is none.
  public init?(argument: String) { self.init(argument) }
}
