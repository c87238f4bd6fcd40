import ArgumentParser
import Client
import FileSystem
import LabHost
import Planning

/// `pxelab events`.
struct Events: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Print what has happened in a lab: steps, boots, power, the wire, verdicts.",
    discussion: """
      With --follow it goes on with what happens, until Ctrl-C or the lab's end. --format json \
      prints a list, with --follow one object a line.
      """)

  @Argument(help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  @Flag(name: .shortAndLong, help: "Go on with what happens.")
  var follow: Bool = false

  @Option(name: .long, help: "Only this machine's.")
  var machine: String?

  @Option(name: .long, help: "Only of this kind: phase, power, stage, wire, console, notice, ...")
  var kind: [LabEvent.Kind] = []

  @OptionGroup var format: FormatOption

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let name = try labs.resolve(lab)
    let client = try labs.client(of: name)
    let plan = try await client.plan()
    if let machine, !plan.machines.contains(where: { $0.name == machine }) {
      throw Failure(
        .usage,
        "the lab \(plan.lab) has no machine \(machine); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    if !follow {
      let events = try await client.events().filter(isWanted)
      if format.format == .json { return try Output.json(events) }
      try Output.write(events.map { Self.line($0) + "\n" }.joined())
      return
    }
    do {
      for try await event in try await client.eventStream() where isWanted(event) {
        try show(event)
      }
    } catch let error as APIClientError {
      // With the lab its events end.
      guard
        try await FileLock.waitUntilFree(
          path: plan.paths.supervisorLog, within: .seconds(10))
      else { throw error }
    }
  }

  private func isWanted(_ event: LabEvent) -> Bool {
    (machine == nil || event.machine == machine) && (kind.isEmpty || kind.contains(event.kind))
  }

  private func show(_ event: LabEvent) throws {
    if format.format == .json {
      try Output.json(event, onOneLine: true)
    } else {
      try Output.line(Self.line(event))
    }
  }

  private static func line(_ event: LabEvent) -> String {
    let time = event.seconds.text(decimals: 2).indented(to: 9)
    let kind = event.kind.rawValue.padded(to: 8)
    return "\(time)  \(kind)  \(event.machine.map { "\($0): " } ?? "")\(event.text)"
  }
}

extension LabEvent.Kind: ExpressibleByArgument {}
