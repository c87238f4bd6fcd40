import Execution
import FileSystem
import Glibc
import Planning

/// The file behind one volume.
struct VolumeFile: Sendable {
  let plan: VolumePlan
  let runner: any CommandRunner

  /// Makes the file as planned; what outlives the lab and there already is left as it is.
  ///
  /// - Throws: `FileError`, or `CommandError` of the program that makes it.
  func make() async throws {
    if plan.owner != .lab, Files.exists(plan.path) { return }
    switch plan.content {
    case .existing:
      throw FileError("use \(plan.path) as the disk \(plan.name)", errno: ENOENT)
    case .empty(let size):
      try makeFolderOfClaims()
      try makeSparse(size: size)
    case .overlay, .copy:
      try makeFolderOfClaims()
      try await run()
    case .seed(let seed):
      defer { try? Files.remove(plan.seedFolder) }
      for (path, content) in seed.files {
        let file = "\(plan.seedFolder)/\(path)"
        try Files.makeParent(of: file)
        try Files.write(content, to: file)
      }
      try Files.makeFolder(plan.seedFolder)
      try await run()
    }
  }

  /// A claim's folder is the lab's own; a host disk's is its owner's, and stays missing if it is.
  private func makeFolderOfClaims() throws {
    if plan.owner == .stores { try Files.makeFolder(plan.folder) }
  }

  private func run() async throws {
    let partial = "\(plan.path).partial"
    try Files.remove(partial)
    do {
      for command in plan.commands(making: partial, folder: plan.seedFolder) {
        try await runner.run(command)
      }
      try Files.setMode(0o600, of: partial)
      try Files.rename(partial, to: plan.path)
    } catch {
      try? Files.remove(partial)
      throw error
    }
  }

  private func makeSparse(size: Int64) throws {
    let descriptor = open(plan.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("make the disk \(plan.path)") }
    defer { close(descriptor) }
    guard ftruncate(descriptor, Int(size)) == 0 else {
      let error = FileError("make the disk \(plan.path)")
      unlink(plan.path)
      throw error
    }
  }
}
