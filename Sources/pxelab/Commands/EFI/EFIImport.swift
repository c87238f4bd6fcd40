import ArgumentParser
import FileSystem
import Firmware
import Foundation

/// `pxelab efi import`.
struct EFIImport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Set the variables of a JSON file, all or none, of a machine that is off.",
    usage: "pxelab efi import [MACHINE | --file FILE] JSON [OPTIONS]",
    discussion: "JSON is what `pxelab efi export` or `virt-fw-vars --output-json` writes.")

  @Argument(help: "The machine's name, and the file; - is standard input.")
  var words: [String] = []

  @Flag(name: .long, help: "Delete the variables that the file does not have.")
  var replace: Bool = false

  @OptionGroup var source: EFIStoreOptions

  func run() async throws {
    let (source, rest) = try source.store(words)
    guard let path = rest.first, rest.count == 1 else {
      throw Failure(.usage, "one file is needed: pxelab efi import MACHINE variables.json")
    }
    let variables = try variables(path)
    try source.change { store in
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

  private func variables(_ path: String) throws -> [Variable] {
    let data = path == "-" ? try StandardStream.input() : try Files.read(path)
    do {
      return try JSONDecoder().decode(VariableListing.self, from: data).decoded()
    } catch let error as EFIDecodingError {
      throw Failure(.usage, "\(path): \(error)")
    } catch {
      throw Failure(
        .usage, "\(path): not the JSON of `pxelab efi export` or `virt-fw-vars --output-json`")
    }
  }
}
