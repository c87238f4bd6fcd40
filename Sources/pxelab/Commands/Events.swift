import ArgumentParser
import Control
import FileSystem
import Foundation
import LabPlan

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
    let plan = try labs.plan(try labs.resolve(lab))
    if let machine, !plan.machines.contains(where: { $0.name == machine }) {
      throw Failure(
        .usage,
        "the lab \(plan.lab) has no machine \(machine); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    guard FileLock.isHeld(path: plan.paths.supervisorLog) else { throw Failure.dead(plan.lab) }
    let client = ControlClient(socketPath: plan.paths.controlSocket)
    var next = 0
    if !follow {
      let events = try await client.pastEvents().filter(isWanted)
      if format.format == .json { return try Output.json(events) }
      try Output.write(events.map { Self.line($0) + "\n" }.joined())
      return
    }
    while true {
      let events: [LabEvent]
      do {
        events = try await client.events(from: next)
      } catch let error as ControlError {
        guard next > 0, await Self.hasEnded(plan) else { throw error }
        return
      }
      for event in events {
        next = event.number + 1
        if isWanted(event) { try show(event) }
      }
    }
  }

  /// Whether the lab is gone, whose events end with it; it has some seconds for that.
  private static func hasEnded(_ plan: LabPlan) async -> Bool {
    let log = plan.paths.supervisorLog
    let (waiting, end) = AsyncStream.makeStream(of: Void.self)
    // Not awaited: a lock that stays is waited for until this process ends.
    Task {
      await onThread { FileLock.waitUntilFree(path: log) }
      end.finish()
    }
    let timer = Task {
      try await Task.sleep(for: .seconds(10))
      end.finish()
    }
    for await _ in waiting {}
    timer.cancel()
    return !FileLock.isHeld(path: log)
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
    let time = String(format: "%9.2f", event.seconds)
    let kind = event.kind.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0)
    return "\(time)  \(kind)  \(event.machine.map { "\($0): " } ?? "")\(event.text)"
  }
}

extension LabEvent.Kind: ExpressibleByArgument {}
