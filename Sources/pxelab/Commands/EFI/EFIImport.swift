import ArgumentParser
import Execution
import FileSystem
import Firmware
import LabStore

/// `pxelab efi import`.
struct EFIImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Set the variables of a file, all or none, of a machine that is off.",
    usage: "pxelab efi import [MACHINE | --file FILE] VARIABLES [OPTIONS]",
    discussion: """
      VARIABLES is what `pxelab efi export` or `virt-fw-vars --output-json` writes, or a variable \
      store in another form that `pxelab efi list` reads.
      """)

  @Argument(help: "The machine's name, and the file; - is standard input.")
  var words: [String] = []

  @Flag(name: .long, help: "Delete the variables that the file does not have.")
  var replace: Bool = false

  @OptionGroup var source: EFIStoreOptions

  func run() async throws {
    let (source, rest) = try await source.store(words)
    guard let path = rest.first, rest.count == 1 else {
      throw Failure(.usage, "one file is needed: pxelab efi import MACHINE variables.json")
    }
    let variables = try await variables(path)
    try await source.change { store in
      try refusingUsage {
        if replace {
          let kept = Set(variables.map(\.name))
          for variable in store.variables where !kept.contains(variable.name) {
            store.delete(variable.name)
          }
        }
        for variable in variables { try store.set(variable) }
      }
    }
  }

  private func variables(_ path: String) async throws -> [Variable] {
    let stored = try await stored(path)
    guard case .blank = stored.contents else { return stored.variables }
    throw Failure(.usage, "\(path) is \(stored.form.description): it has no variables to import")
  }

  private func stored(_ path: String) async throws -> StoredVariables {
    do {
      guard path == "-" else {
        return try await VariableStoreReader(runner: SubprocessRunner()).read(
          VariableStoreFile(path: path))
      }
      return try StoredVariables(bytes: [UInt8](try StandardStream.input()))
    } catch let error as EFIDecodingError {
      throw Failure(.usage, "\(path): \(error)")
    } catch let error as VariableStoreFileError {
      throw Failure(.usage, "\(error)")
    }
  }
}
