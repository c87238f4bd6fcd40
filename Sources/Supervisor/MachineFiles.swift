import Execution
import FileSystem
import LabPlan

/// The files that a machine's domain refers to.
struct MachineFiles: Sendable {
  let machine: MachinePlan
  let runner: any CommandRunner

  /// Makes what is behind the disks, and the variable store where there is none yet.
  func make() async throws {
    try Files.makeFolder(machine.directory)
    for volume in machine.volumes {
      try await VolumeFile(plan: volume, runner: runner).make()
    }
    if let store = machine.variableStore, !store.persistent || !Files.exists(store.path) {
      try Files.makeFolder(store.folder)
      try Files.write(try Files.read(store.template), to: store.path)
    }
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
      try Files.write(try Files.read(store.template), to: store.path)
    }
  }
}
