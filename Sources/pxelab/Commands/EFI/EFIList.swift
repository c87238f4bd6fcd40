import ArgumentParser
import Firmware

/// `pxelab efi list`.
struct EFIList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the variables.",
    usage: "pxelab efi list [MACHINE | --file FILE] [OPTIONS]",
    discussion: "--format json has the form of `virt-fw-vars --output-json`.")

  @Argument(help: "The machine's name.")
  var machine: [String] = []

  @OptionGroup var source: EFIStoreOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    let (source, rest) = try source.store(machine)
    if let word = rest.first { throw Failure(.usage, "unexpected: \(word)") }
    let store = try source.read()
    switch format.format {
    case .json: try Output.json(VariableListing(store.variables))
    case .text: try Output.line(text(store))
    }
  }

  private func text(_ store: VariableStore) -> String {
    let region = store.layout.region.count
    var table = Table(["VARIABLE", "ATTRIBUTES", "VALUE"])
    for variable in store.variables.sorted(by: { $0.name.description < $1.name.description }) {
      table.add([
        variable.name.shortText, variable.attributes.description,
        VariableValue(variable).description,
      ])
    }
    return """
      Secure Boot: \(SecureBootState(store).rawValue); \(store.variables.count) variables; \
      \(region / 1024) KiB\(store.layout.isAuthenticated ? "" : " without authentication"), \
      \((store.freeBytes + store.reclaimableBytes) / 1024) KiB free

      \(table.text)
      """
  }
}

extension VariableName {
  /// The name alone where it says which variable is meant; printable.
  var shortText: String {
    let text = VariableName(wellKnown: name) == self ? name : description
    return text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      ? text : String(text.debugDescription.dropFirst().dropLast())
  }
}
