import ArgumentParser
import FileSystem
import LabHost
import Planning

/// `pxelab down`.
struct Down: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "down",
    abstract:
      "Remove a lab, running or crashed; persistent EFI variables and the disks of claims stay.")

  @Argument(
    help: """
      The labs' names or folders; without any the only lab there is, or of several the one whose \
      manifests are in this folder.
      """)
  var labs: [String] = []

  @Flag(name: .long, help: "Remove all labs.")
  var all: Bool = false

  @Flag(
    name: .long,
    help: "Remove the persistent variable stores, the disks of claims and the kept logs too.")
  var purge: Bool = false

  func validate() throws {
    if all, !labs.isEmpty { throw ValidationError("--all is every lab: name none") }
  }

  func run() async throws {
    let registry = LabRegistry(folders: try .current())
    var names: [String]
    if all {
      names = try registry.namesForRemoval()
      if names.isEmpty { try Output.line("no lab is up") }
    } else if labs.isEmpty {
      names = [try registry.resolveForRemoval(here(registry), allowingStores: purge)]
    } else {
      names = try labs.map { try registry.resolveForRemoval($0, allowingStores: purge) }
    }
    var failure: (any Error)?
    // One that cannot be removed is no reason to leave the others.
    for name in names {
      do {
        try await remove(name, registry)
      } catch {
        if let former = failure { complain("Error: \(former)") }
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// The lab of the folder that the command is run in, where there are several.
  private func here(_ registry: LabRegistry) throws -> String? {
    let names = try registry.names()
    guard names.count > 1, let input = try? LabFolder.read(".", name: nil),
      names.contains(input.lab.name)
    else { return nil }
    return input.lab.name
  }

  private func remove(_ name: String, _ labs: LabRegistry) async throws {
    let paths = labs.paths(name)
    var done: [String] = []
    let removal = LabRemoval(paths: paths, keepsEvidence: !purge)
    let finished = try await removal.finishInterrupted()
    if try await removal.remove() || finished > 0 {
      done.append("removed the lab \(name)")
    } else if !(purge && Files.exists(paths.stores)) {
      done.append("the lab \(name) is not up")
    }
    if purge {
      try Files.remove(paths.stores)
      try KeptEvidence(stateFolder: labs.folders.state).remove(name)
      done.append("removed its variable stores, claims and what was kept of it")
    } else if case let stores = try Files.names(in: paths.stores), stores.isEmpty {
      try Files.remove(paths.stores)
    } else {
      done.append("kept \(paths.stores) (--purge removes it)")
    }
    // At the end, so that nothing is left undone where it cannot be written.
    try Output.line(done.joined(separator: "\n"))
  }
}
