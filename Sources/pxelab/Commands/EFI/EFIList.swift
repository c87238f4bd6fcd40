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
    let (source, rest) = try await source.store(machine)
    if let word = rest.first { throw Failure(.usage, "unexpected: \(word)") }
    let stored = try await source.read()
    let misfit = StoreNeighbours(of: source.file.path).mismatch(of: stored)
    switch format.format {
    case .json:
      if let misfit { complain("note: \(misfit)") }
      try Output.json(stored.listing)
    case .text:
      let notes = misfit.map { ["note: \($0)"] } ?? []
      try Output.line(
        ([summary(stored)] + notes + ["", table(stored)]).joined(separator: "\n"))
    }
  }

  private func summary(_ stored: StoredVariables) -> String {
    let state = "Secure Boot: \(SecureBootState(stored).rawValue)"
    let variables = "\(stored.variables.count) variables"
    let packing = stored.form == .qcow2 ? "; a qcow2 image" : ""
    switch stored.contents {
    case .flash(let store):
      let free = (store.freeBytes + store.reclaimableBytes) / 1024
      return "\(state); \(variables); \(store.layout.region.count / 1024) KiB"
        + (store.layout.isAuthenticated ? "" : " without authentication")
        + ", \(free) KiB free\(packing)"
    case .json: return "\(state); \(variables); \(stored.form.description)"
    case .blank(let blank):
      return "\(state); \(variables); blank, \(blank): the firmware makes a store of it at its "
        + "first start\(packing)"
    }
  }

  private func table(_ stored: StoredVariables) -> String {
    var table = Table(["VARIABLE", "ATTRIBUTES", "VALUE"])
    for variable in stored.variables.sorted(by: { $0.name.description < $1.name.description }) {
      let missing = stored.missingEntries(of: variable).map { VariableName.boot($0).name }
      table.add([
        variable.name.shortText, variable.attributes.description,
        VariableValue(variable).description
          + (missing.isEmpty ? "" : " (no entry \(missing.joined(separator: ", ")))"),
      ])
    }
    return table.text
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
