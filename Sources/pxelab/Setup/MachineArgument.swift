import ArgumentParser
import LabHost
import Planning

/// A machine of a lab that is up, as commands name it.
struct MachineArgument: ParsableArguments {
  @Argument(help: "The machine's name.")
  var machine: String

  @OptionGroup var lab: LabOption

  /// The machine.
  func find() async throws -> LabMachineReference { try await lab.machine(machine) }

  /// Switches the machine.
  func perform(_ request: PowerRequest) async throws -> MachineAnswer {
    let machine = try await find()
    return try await machine.client.power(machine.name, request)
  }
}

/// Which lab is meant.
struct LabOption: ParsableArguments {
  @Option(name: .long, help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  /// A machine of the lab.
  func machine(_ name: String) async throws -> LabMachineReference {
    let labs = LabRegistry(folders: try .current())
    return try await Self.machine(name, of: try labs.resolve(lab), in: labs)
  }

  /// A machine of the lab with a name.
  static func machine(
    _ name: String, of lab: String, in labs: LabRegistry
  ) async throws -> LabMachineReference {
    let client = try labs.client(of: lab)
    let plan = try await client.plan()
    guard let machine = plan.machines.first(where: { $0.name == name }) else {
      throw Failure(
        .usage,
        "the lab \(plan.lab) has no machine \(name); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    return LabMachineReference(client: client, plan: plan, machine: machine)
  }
}

/// A machine, and who speaks for its lab.
struct LabMachineReference: Sendable {
  let client: LabClient
  let plan: LabPlan
  let machine: MachinePlan

  var name: String { machine.name }
}
