import ArgumentParser
import Execution
import Firmware
import FoundationEssentials
import LabHost

/// `pxelab efi get`.
struct EFIGet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "get",
    abstract:
      "Show one variable: boot entries with their device paths, certificates with their names.",
    usage: "pxelab efi get [MACHINE | --file FILE] VARIABLE [OPTIONS]")

  @Argument(help: "The machine's name, and the variable's.")
  var words: [String] = []

  @Flag(name: .long, help: "Write the variable's bytes as they are.")
  var raw: Bool = false

  @OptionGroup var source: EFIStoreOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    let (source, rest) = try await source.store(words)
    guard let text = rest.first, rest.count == 1 else {
      throw Failure(.usage, "one variable is needed: pxelab efi get MACHINE BootOrder")
    }
    let store = try await source.read()
    let name = try refusingUsage { try store.name(text) }
    guard let variable = store[name] else {
      throw Failure(.usage, absence(of: name, in: store, source))
    }
    if raw {
      try Output.write(Data(variable.data))
    } else if format.format == .json {
      try Output.json(VariableListing([variable]))
    } else {
      try Output.line(await details(variable, in: store))
    }
  }

  /// What to say of a variable that is not there; some never are.
  private func absence(of name: VariableName, in store: StoredVariables, _ source: EFIStore)
    -> String
  {
    let state = SecureBootState(store)
    switch name.name {
    case "SecureBoot", "SetupMode":
      return
        "\(name.name) is not stored: the firmware makes it at each start. By this store the next "
        + "start has Secure Boot \(state.rawValue)"
    case "BootCurrent", "AuditMode", "DeployedMode":
      return "\(name.name) is not stored: the firmware makes it at each start, and the guest alone "
        + "can read it"
    default: return "\(source.title) has no variable \(name.shortText)"
    }
  }

  private func details(_ variable: Variable, in store: StoredVariables) async throws -> String {
    var lines = [
      "name        \(variable.name.name)", "namespace   \(variable.name.vendor)",
      "attributes  \(variable.attributes)", "size        \(variable.data.count) bytes",
    ]
    if variable.time != .zero { lines.append("time        \(variable.time)") }
    switch VariableValue(variable) {
    case .bootEntries(let entries):
      for entry in entries {
        let option = try? store.bootOption(entry)
        lines.append(
          "\(VariableName.boot(entry).name)    "
            + (option.map { VariableValue.bootOption($0).description } ?? "no such entry"))
      }
    case .bootOption(let option):
      lines += [
        "title       \(option.description.debugDescription)",
        "options     \(option.attributes.text)", "path        \(option.devicePath)",
      ]
      if !option.optionalData.isEmpty {
        lines.append("data        \(VariableValue.bytes(option.optionalData))")
      }
    case .signatures(let database):
      lines += try await CertificateReader(runner: SubprocessRunner()).lines(of: database)
    case .bytes: lines += Self.hexdump(variable.data)
    case let value: lines.append("value       \(value)")
    }
    return lines.joined(separator: "\n")
  }

  private static func hexdump(_ bytes: [UInt8]) -> [String] {
    stride(from: 0, to: bytes.count, by: 16).map { start in
      let row = bytes[start..<min(start + 16, bytes.count)]
      let digits = row.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      let text = row.map { (0x20..<0x7f).contains($0) ? Character(UnicodeScalar($0)) : "." }
      let offset = String(start, radix: 16)
      return String(repeating: "0", count: max(0, 6 - offset.count)) + offset + "  "
        + digits.joined(separator: " ")
        + String(repeating: " ", count: 3 * (16 - row.count) + 2) + String(text)
    }
  }
}

extension LoadOption.Attributes {
  /// The words of the attributes that are set.
  fileprivate var text: String {
    let words: [(LoadOption.Attributes, String)] = [
      (.active, "active"), (.forceReconnect, "force reconnect"), (.hidden, "hidden"),
      (.application, "application"),
    ]
    let set = words.filter { contains($0.0) }.map(\.1)
    return set.isEmpty ? "none" : set.joined(separator: ", ")
  }
}
