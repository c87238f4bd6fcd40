import Execution
import FileSystem
import LabStore
import Planning

/// The files that a machine's domain refers to.
struct MachineFiles: Sendable {
  let machine: MachinePlan
  let runner: any CommandRunner

  /// Makes what a new instance begins with, as a pod's volumes are made for each: disks of its own are
  /// empty or fresh copies, and so is a variable store that is not persistent (pkg/ephemeral-disk and
  /// emptyDisk in KubeVirt); what outlives an instance is made once.
  ///
  /// - Parameter keepsVariables: leaves a variable store that is there as it is.
  /// - Returns: what was done to a store that was kept.
  func makeAnew(keepsVariables: Bool) async throws -> String? {
    try Files.makeFolder(machine.directory)
    for volume in machine.volumes {
      if volume.owner == .lab { try Files.remove(volume.path) }
      try await VolumeFile(plan: volume, runner: runner).make()
    }
    guard let store = machine.variableStore else { return nil }
    if keepsVariables, Files.exists(store.path) { return nil }
    let changes = try MachineStoreKeeper(store).prepare()
    guard !changes.isEmpty else { return nil }
    return "\(machine.name): its variable store is kept: \(changes.joined(separator: "; "))"
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
