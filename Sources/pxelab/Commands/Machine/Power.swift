import ArgumentParser
import LabHost
import Planning

/// `pxelab power`.
struct Power: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "power",
    abstract: "Switch machines on and off.",
    discussion: """
      on starts a machine as KubeVirt makes a new instance: its own disks and a variable store that \
      is not persistent begin anew. off takes the power away; --soft asks the guest. reset is the \
      reset button: stores and disks stay. A machine that `on` starts though its run strategy is \
      Halted is Always from then on, and one that `off` stops is Halted, as virtctl does.
      """)

  /// What is done.
  enum Action: String, ExpressibleByArgument, CaseIterable {
    case on
    case off
    case reset
    case cycle
    case status
  }

  @Argument(help: "on, off, reset, cycle or status.")
  var action: Action

  @Argument(help: "The machines' names.")
  var machines: [String]

  @Flag(name: .long, help: "Ask the guest to power off, by the ACPI power button.")
  var soft: Bool = false

  @Option(name: .long, help: "How long the guest has for that, in seconds.")
  var timeout: Double = 60

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func validate() throws {
    if soft, ![.off, .cycle].contains(action) {
      throw ValidationError("--soft goes with off and cycle")
    }
    if !(timeout > 0 && timeout <= 3600) {
      throw ValidationError("--timeout is more than 0 and at most 3600 seconds")
    }
  }

  func run() async throws {
    var found: [LabMachineReference] = []
    for machine in machines { found.append(try await lab.machine(machine)) }
    var states: [MachineStatus] = []
    var refusals: [Failure] = []
    // What one machine cannot do is no reason to leave the others.
    for machine in found {
      do {
        states.append(try await perform(on: machine))
      } catch {
        refusals.append(Failure(error))
      }
    }
    if !states.isEmpty { try show(states, as: format.format) }
    for refusal in refusals.dropLast() { complain("Error: \(refusal)") }
    if let last = refusals.last { throw last }
  }

  private func perform(on machine: LabMachineReference) async throws -> MachineStatus {
    func ask(_ action: PowerRequest.Action) async throws -> MachineStatus {
      let request = PowerRequest(action, isSoft: soft, patienceSeconds: timeout)
      return try await machine.client.power(machine.name, request).machine
    }
    switch action {
    case .on: return try await ask(.on)
    case .off: return try await ask(soft ? .shutdown : .off)
    case .reset: return try await ask(.reset)
    case .cycle: return try await ask(.cycle)
    case .status:
      let status = try await machine.client.status()
      guard let state = status.machines.first(where: { $0.name == machine.name }) else {
        throw Failure(.lab, "the lab does not know \(machine.name)")
      }
      return state
    }
  }
}

/// Prints machines' power, one line each.
func show(_ states: [MachineStatus], as format: OutputFormat) throws {
  if format == .json { return try Output.json(states) }
  var table = Table(["MACHINE", "POWER", "RUN STRATEGY", "STARTS", "STAGE"])
  for state in states {
    table.add([
      state.name, state.power ?? "-", state.runStrategy ?? "-", state.starts.map { "\($0)" } ?? "-",
      state.stage,
    ])
  }
  try Output.line(table.text)
}

/// `pxelab pause`.
struct Pause: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pause",
    abstract: "Stop a machine's processors; `pxelab resume` lets them go on.")

  @OptionGroup var machine: MachineArgument
  @OptionGroup var format: FormatOption

  func run() async throws {
    try show([try await machine.perform(PowerRequest(.pause)).machine], as: format.format)
  }
}

/// `pxelab resume`.
struct Resume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused machine go on.")

  @OptionGroup var machine: MachineArgument
  @OptionGroup var format: FormatOption

  func run() async throws {
    try show([try await machine.perform(PowerRequest(.resume)).machine], as: format.format)
  }
}

/// `pxelab boot`.
struct Boot: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boot",
    abstract: "Start a machine from something else, this once.",
    discussion: """
      Takes the power from a machine that is on, tells its firmware by BootNext (setup: by \
      OsIndications), and starts it. The firmware has entries once it has booted, and with a boot \
      order only for the devices in it.
      """)

  @OptionGroup var machine: MachineArgument

  @Option(name: .long, help: "pxe, disk, http or setup.")
  var once: BootTarget

  @OptionGroup var format: FormatOption

  func run() async throws {
    let answer = try await machine.perform(PowerRequest(.cycle, bootOnce: once))
    for notice in answer.notices { complain("\(answer.machine.name): \(notice)") }
    try show([answer.machine], as: format.format)
  }
}

extension BootTarget: ExpressibleByArgument {}
