import ArgumentParser
import FileSystem
import Firmware
import FoundationEssentials

/// `pxelab efi export`.
struct EFIExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all variables as JSON that virt-fw-vars and `pxelab efi import` read.",
    usage: "pxelab efi export [MACHINE | --file FILE] [OPTIONS]")

  @Argument(help: "The machine's name.")
  var machine: [String] = []

  @Option(name: .shortAndLong, help: "The file to write instead of standard output.")
  var output: String?

  @Flag(name: .long, help: "Write the store itself, as QEMU takes it, instead of JSON.")
  var store: Bool = false

  @OptionGroup var source: EFIStoreOptions

  func validate() throws {
    if store, output == nil { throw ValidationError("--store needs --output") }
  }

  func run() async throws {
    let (source, rest) = try await source.store(machine)
    if let word = rest.first { throw Failure(.usage, "unexpected: \(word)") }
    let variables = try await source.read()
    if store, let output {
      guard let flash = variables.flash else {
        throw Failure(
          .usage,
          "\(source.title) is \(variables.form.description), without a layout in flash"
            + (variables.form.wayOut.map { ": \($0)" } ?? ""))
      }
      try Files.write(Data(flash.bytes), to: output)
    } else if let output {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      var text = try encoder.encode(variables.listing)
      text.append(0x0a)
      try Files.write(text, to: output)
    } else {
      try Output.json(variables.listing)
    }
  }
}
