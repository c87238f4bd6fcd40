import FileSystem
import LabHost
import LabStore
import Planning

/// Finds the variable stores of machines, of labs that are up and of labs that are not.
struct MachineStores {
  let labs: LabRegistry

  /// A machine's store.
  ///
  /// - Throws: ``Failure`` when there is none, or several labs have a machine of the name.
  func store(of machine: String, lab: String?) async throws -> EFIStore {
    guard isName(machine) else {
      throw Failure(
        .usage, "\(machine.debugDescription) is no machine's name; a file is given with --file")
    }
    if let lab {
      let name = try labs.resolve(lab, allowingStores: true)
      guard let store = try await store(of: machine, in: name) else {
        throw Failure(
          .lab, "the lab \(name) has no variable store of \(machine) \(wayOut(machine))")
      }
      return store
    }
    let names = Set(try labs.names() + Files.names(in: "\(labs.folders.state)/stores")).sorted()
    var found: [(name: String, store: EFIStore)] = []
    for name in names {
      if let store = try await store(of: machine, in: name) { found.append((name, store)) }
    }
    switch found.count {
    case 1: return found[0].store
    case 0: throw Failure(.lab, "no lab has a variable store of \(machine) \(wayOut(machine))")
    default:
      throw Failure(
        .usage,
        "which lab? \(machine) is in \(found.map(\.name).joined(separator: ", ")): give --lab")
    }
  }

  private func wayOut(_ machine: String) -> String {
    "(it is made by the first `pxelab up` of a machine with UEFI, and outlives `pxelab down` with "
      + "`persistent: true`)"
  }

  /// The plan of a lab that is up; `nil` of one that is not.
  private func plan(of lab: String) async throws -> LabPlan? {
    do {
      return try await labs.plan(lab)
    } catch is RegistryError {
      return nil
    }
  }

  private func store(of machine: String, in lab: String) async throws -> EFIStore? {
    let paths = labs.paths(lab)
    if let plan = try await plan(of: lab) {
      if let store = plan.machines.first(where: { $0.name == machine })?.variableStore,
        Files.exists(store.path)
      {
        return EFIStore(
          title: machine, file: VariableStoreFile(path: store.path),
          isPersistent: store.persistent, lab: paths)
      }
    }
    let path = "\(paths.stores)/\(machine)_VARS.fd"
    guard Files.exists(path) else { return nil }
    return EFIStore(
      title: machine, file: VariableStoreFile(path: path), isPersistent: true, lab: paths)
  }

  private func isName(_ text: String) -> Bool {
    !text.isEmpty && !text.contains("/") && !text.hasPrefix(".")
  }
}
