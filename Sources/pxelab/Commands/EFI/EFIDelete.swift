import ArgumentParser
import Firmware

/// `pxelab efi delete`.
struct EFIDelete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete",
    abstract: "Delete variables of a machine that is off.",
    usage: "pxelab efi delete [MACHINE | --file FILE] VARIABLE...")

  @Argument(help: "The machine's name, and the variables'.")
  var words: [String] = []

  @OptionGroup var source: EFIStoreOptions

  func run() async throws {
    let (source, names) = try await source.store(words)
    guard !names.isEmpty else { throw Failure(.usage, "which variable?") }
    try await source.change { store in
      for text in names {
        let name = try refusingUsage { try store.name(text) }
        guard store.delete(name) else {
          throw Failure(
            .usage, "\(source.title) has no variable \(name.shortText); nothing is deleted")
        }
      }
    }
  }
}
