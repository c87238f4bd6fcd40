import ArgumentParser
import Control
import FileSystem
import LabPlan

/// A machine of a lab that is up, as commands name it.
struct MachineArgument: ParsableArguments {
  @Argument(help: "The machine's name.")
  var machine: String

  @OptionGroup var lab: LabOption

  /// The machine.
  func find() throws -> LabMachineReference { try lab.machine(machine) }

  /// Switches the machine.
  func perform(_ request: PowerRequest) async throws -> MachineAnswer {
    let machine = try find()
    return try await machine.ask { try await $0.power(machine.name, request) }
  }
}

/// Which lab is meant.
struct LabOption: ParsableArguments {
  @Option(name: .long, help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  /// A machine of the lab.
  func machine(_ name: String) throws -> LabMachineReference {
    let labs = LabRegistry(folders: try .current())
    return try Self.machine(name, of: try labs.resolve(lab), in: labs)
  }

  /// A machine of the lab with a name.
  static func machine(
    _ name: String, of lab: String, in labs: LabRegistry
  ) throws -> LabMachineReference {
    let plan = try labs.plan(lab)
    guard let machine = plan.machines.first(where: { $0.name == name }) else {
      throw Failure(
        .usage,
        "the lab \(plan.lab) has no machine \(name); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    guard FileLock.isHeld(path: plan.paths.supervisorLog) else { throw Failure.dead(plan.lab) }
    return LabMachineReference(plan: plan, machine: machine)
  }
}

extension Failure {
  /// A lab of which no process is left.
  static func dead(_ lab: String) -> Failure {
    Failure(.lab, "the lab \(lab) is dead: `pxelab down \(lab)` removes it")
  }
}

/// A machine, and who speaks for its lab.
struct LabMachineReference: Sendable {
  let plan: LabPlan
  let machine: MachinePlan

  var name: String { machine.name }
  var client: ControlClient { ControlClient(socketPath: plan.paths.controlSocket) }

  /// What the lab answers, its refusal in its own words.
  func ask<Value>(_ question: (ControlClient) async throws -> Value) async throws -> Value {
    do {
      return try await question(client)
    } catch let error as ControlError {
      guard let refusal = error.refusal else { throw error }
      throw Failure(.lab, refusal)
    }
  }
}
