import ArgumentParser
import BootOrder
import LabHost

/// `pxelab bootorder`.
struct BootOrderCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bootorder",
    abstract: "Show a machine's boot order: asked for, handed to the firmware, stored, and tried.",
    usage: "pxelab bootorder MACHINE [--what-if [PATH]] [OPTIONS]",
    discussion: """
      One row for each device: the manifest's bootOrder with its line, libvirt's <boot order>, the \
      line in the fw_cfg file `bootorder` that QEMU hands to the firmware, the entries of NVRAM's \
      BootOrder, and the attempts of the last start. Below: what was tried at each start and why it \
      ended, where they differ, and which of them the firmware obeys.

      --what-if shows what an edited manifest would make of it, without a boot: of the folder that \
      the lab is from, or of PATH, for which no lab need be up.
      """)

  @Argument(help: "The machine's name.")
  var machine: String

  @Argument(help: "With --what-if the folder, or the file, of the manifests.", completion: .file())
  var path: String?

  @Flag(name: .long, help: "Show what the manifests as they are now would make of it.")
  var whatIf = false

  @OptionGroup var lab: LabOption
  @OptionGroup var format: FormatOption

  func validate() throws {
    if path != nil, !whatIf { throw ValidationError("a path goes with --what-if") }
  }

  func run() async throws {
    let table = whatIf ? try await expected() : try await observed()
    switch format.format {
    case .json: try Output.json(table)
    case .text: try Output.line(BootOrderText(table).text)
    }
  }

  private func observed() async throws -> BootOrderTable {
    let machine = try await lab.machine(machine)
    return BootOrderTable(try await BootOrderReading(machine).evidence())
  }

  private func expected() async throws -> BootOrderTable {
    let labs = LabRegistry(folders: try .current())
    // With a path a lab need not be up, but where one is, it is compared with.
    var running: LabMachineReference?
    if path == nil {
      guard try lab.lab != nil || !labs.names().isEmpty else {
        throw Failure(
          .usage, "no lab is up: which manifests? pxelab bootorder \(machine) --what-if PATH")
      }
      running = try await lab.machine(machine)
    }
    guard let source = path ?? running?.plan.manifestFolder else {
      throw Failure(.usage, "the lab does not say where its manifests are: give PATH")
    }
    let input = try LabFolder.load(source, name: running?.plan.lab) { complain("\($0)") }
    let plan = try await Preparation(folders: labs.folders)
      .lab(input, from: source, fetching: false).dry.complete().plan
    guard let planned = plan.machines.first(where: { $0.name == machine }) else {
      throw Failure(
        .usage,
        "no machine \(machine.debugDescription) in \(source); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    if running == nil, try labs.names().contains(plan.lab) {
      running = try? await LabOption.machine(machine, of: plan.lab, in: labs)
    }
    return BootOrderTable(
      try await BootOrderForecastReading(planned: planned, running: running).evidence())
  }
}
