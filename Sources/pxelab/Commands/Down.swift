import ArgumentParser
import FileSystem
import LabPlan

/// `pxelab down`.
struct Down: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract:
      "Remove a lab, running or crashed; persistent EFI variables and the disks of claims stay.")

  @Argument(help: "The lab's name or folder; without it the only lab there is.")
  var lab: String?

  @Flag(name: .long, help: "Remove the persistent variable stores and the disks of claims too.")
  var purge: Bool = false

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let name = try labs.resolve(lab, allowingStores: purge)
    let paths = labs.paths(name)
    var done: [String] = []
    if Files.exists(paths.directory) {
      try await LabRemoval(paths: paths).remove()
      done.append("removed the lab \(name)")
    } else if !(purge && Files.exists(paths.stores)) {
      done.append("the lab \(name) is not up")
    }
    if purge {
      try Files.remove(paths.stores)
      done.append("removed its variable stores and claims")
    } else if case let stores = try Files.names(in: paths.stores), stores.isEmpty {
      try Files.remove(paths.stores)
    } else {
      done.append("kept \(paths.stores) (--purge removes it)")
    }
    // At the end, so that nothing is left undone where it cannot be written.
    try Output.line(done.joined(separator: "\n"))
  }
}
