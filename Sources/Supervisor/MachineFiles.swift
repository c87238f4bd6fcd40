import FileSystem
import Glibc
import LabPlan

/// The files that a machine's domain refers to.
struct MachineFiles: Sendable {
  let machine: MachinePlan

  /// Makes the empty disks, sparse, and the variable store where there is none yet.
  func make() throws {
    try Files.makeFolder(machine.directory)
    for disk in machine.disks {
      if let size = disk.emptySize, !Files.exists(disk.path) {
        try makeSparse(disk.path, size: size)
      } else if !Files.exists(disk.path) {
        throw FileError("use \(disk.path) as the disk \(disk.name)", errno: ENOENT)
      }
    }
    if let store = machine.variableStore, !store.persistent || !Files.exists(store.path) {
      try Files.makeFolder(store.folder)
      try Files.write(try Files.read(store.template), to: store.path)
    }
  }

  private func makeSparse(_ path: String, size: Int64) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("make the disk \(path)") }
    defer { close(descriptor) }
    guard ftruncate(descriptor, Int(size)) == 0 else { throw FileError("make the disk \(path)") }
  }
}
