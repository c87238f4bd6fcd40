import ArgumentParser
import FileSystem
import Firmware
import LabHost
import LabStore

/// `pxelab efi diff`.
struct EFIDiff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Say which variables differ between two stores.",
    usage: "pxelab efi diff [MACHINE | --file FILE] [OTHER] [OPTIONS]",
    discussion: """
      OTHER is a machine or a store's file; without it, the store as it was before its last change. \
      Exits with 0 when all variables are alike, with 1 when something differs.
      """)

  @Argument(help: "The machine's name, and the other store.")
  var words: [String] = []

  @OptionGroup var source: EFIStoreOptions
  @OptionGroup var format: FormatOption

  /// A difference as JSON: the variables in the form of `list`.
  private struct Item: Encodable {
    var variable: String
    var before: VariableListing.Item?
    var after: VariableListing.Item?
  }

  func run() async throws {
    let (source, rest) = try await source.store(words)
    guard rest.count <= 1 else { throw Failure(.usage, "two stores are compared, not more") }
    let other = try await other(rest.first, than: source)
    // With two stores the first is the one that something is added to; with one, the backup is.
    let (before, after) = rest.isEmpty ? (other, source) : (source, other)
    let differences = try await before.read().differences(to: after.read())
    switch format.format {
    case .json:
      try Output.json(
        differences.map { difference in
          Item(
            variable: difference.name.description,
            before: difference.before.flatMap { VariableListing([$0]).variables.first },
            after: difference.after.flatMap { VariableListing([$0]).variables.first })
        })
    case .text:
      try Output.line(
        differences.isEmpty
          ? "\(before.title) and \(after.title) have the same variables"
          : differences.flatMap(lines).joined(separator: "\n"))
    }
    guard differences.isEmpty else { throw ExitCode(ExitStatus.verdict.rawValue) }
  }

  private func other(_ text: String?, than source: EFIStore) async throws -> EFIStore {
    guard let text else {
      let path = source.file.backupPath
      guard Files.exists(path) else {
        throw Failure(.usage, "\(source.title) was not changed yet: name the other store")
      }
      return EFIStore(
        title: "\(source.title) before", file: VariableStoreFile(path: path))
    }
    if text.contains("/") || Self.endings.contains(where: text.hasSuffix) {
      guard Files.exists(text) else { throw Failure(.usage, "\(text): no such file") }
      return EFIStore(title: text, file: VariableStoreFile(path: text))
    }
    let labs = LabRegistry(folders: try .current())
    return try await MachineStores(labs: labs).store(of: text, lab: self.source.lab)
  }

  /// What a file of a store ends with, in the folder that the command is run in.
  private static let endings = [".fd", ".bak", ".json", ".qcow2", ".aws"]

  private func lines(_ difference: VariableDifference) -> [String] {
    let name = difference.name.shortText
    func line(_ sign: String, _ variable: Variable) -> String {
      "\(sign) \(name) \(variable.attributes) \(VariableValue(variable))"
        + (variable.time == .zero ? "" : " \(variable.time)")
    }
    return [
      difference.before.map { line("-", $0) }, difference.after.map { line("+", $0) },
    ].compactMap { $0 }
  }
}
