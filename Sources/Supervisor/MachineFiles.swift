import Execution
import FileSystem
import LabPlan
import LabStore

/// The files that a machine's domain refers to.
struct MachineFiles: Sendable {
  let machine: MachinePlan
  let runner: any CommandRunner

  /// Makes what is behind the disks, and the variable store.
  ///
  /// - Returns: what a person should know of the store.
  func make() async throws -> String? {
    try Files.makeFolder(machine.directory)
    for volume in machine.volumes {
      try await VolumeFile(plan: volume, runner: runner).make()
    }
    return try prepareStore()
  }

  /// Makes the variable store what the machine's next start begins with. To be called before each
  /// start: without `persistent: true` every start begins from the template.
  ///
  /// - Returns: what was done to a store that was kept.
  func prepareStore() throws -> String? {
    guard let store = machine.variableStore else { return nil }
    let changes = try MachineStoreKeeper(store).prepare()
    guard !changes.isEmpty else { return nil }
    return "\(machine.name): its variable store is kept: \(changes.joined(separator: "; "))"
  }

  /// Makes new what a machine's end takes with it: disks of its own, and a variable store that is not
  /// persistent (pkg/ephemeral-disk and emptyDisk in KubeVirt, whose files are the pod's).
  ///
  /// - Parameter keepsVariables: leaves the variable store as it is.
  func renew(keepsVariables: Bool) async throws {
    for volume in machine.volumes where volume.owner == .lab {
      try Files.remove(volume.path)
      try await VolumeFile(plan: volume, runner: runner).make()
    }
    if let store = machine.variableStore, !store.persistent, !keepsVariables {
      try MachineStoreKeeper(store).begin()
    }
  }
}

extension MachineStoreKeeper {
  /// The keeper of a planned store.
  fileprivate init(_ store: MachinePlan.VariableStore) {
    self.init(
      path: store.path, template: store.template, isPersistent: store.persistent,
      secureBoot: store.secureBoot, authority: store.authority)
  }
}
