import ArgumentParser
import FileSystem
import Firmware
import FoundationEssentials

/// `pxelab efi set`.
struct EFISet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set a variable of a machine that is off.",
    usage: "pxelab efi set [MACHINE | --file FILE] VARIABLE [VALUE] [OPTIONS]",
    discussion: """
      VALUE is written as `list` shows it: BootOrder 0003,0001; BootNext 0003; SecureBootEnable off; \
      Timeout 5; SbatLevel as text; Boot0010 and ConOut as a device path. Other variables take \
      --hex, --text or --from.
      """)

  @Argument(help: "The machine's name, the variable's, and its value.")
  var words: [String] = []

  @Option(name: .long, help: "The value as hexadecimal digits.")
  var hex: String?

  @Option(name: .long, help: "The value as text, of which the UTF-8 bytes are set.")
  var text: String?

  @Option(name: .long, help: "A file whose bytes are the value.")
  var from: String?

  @Option(name: .long, help: "The attributes, as NV+BS+RT; without it the variable's usual ones.")
  var attributes: String?

  @Option(name: .long, help: "The title of a boot entry.")
  var title: String?

  @Option(name: .long, help: "Data for what a boot entry boots, as hexadecimal digits.")
  var optionalData: String?

  @Flag(name: .long, inversion: .prefixedNo, help: "Whether a boot entry is tried in its turn.")
  var active: Bool = true

  @OptionGroup var source: EFIStoreOptions

  func run() async throws {
    let (source, rest) = try await source.store(words)
    guard let name = rest.first, rest.count <= 2 else {
      throw Failure(
        .usage, "a variable and its value are needed: pxelab efi set MACHINE BootNext 0003")
    }
    let given = [rest.dropFirst().first, hex, text, from].count { $0 != nil }
    guard given <= 1 else { throw Failure(.usage, "the value is given more than once") }
    try await source.change { store in
      try refusingUsage {
        let name = try store.name(name)
        let former = store[name]
        var variable = Variable(
          name, attributes: former?.attributes ?? name.usualAttributes ?? .runtime,
          data: try data(name, value: rest.dropFirst().first, former: former))
        if let attributes { variable.attributes = try Self.attributes(attributes) }
        try Self.check(name, variable.attributes)
        variable.time = former?.time ?? .zero
        if variable.attributes.contains(.timeBasedAuthenticatedWrite), variable.time == .zero {
          variable.time = .unsigned
        }
        try store.set(variable)
      }
    }
  }

  private func data(_ name: VariableName, value: String?, former: Variable?) throws -> [UInt8] {
    if let hex {
      guard let bytes = [UInt8](hexadecimal: hex) else {
        throw Failure(.usage, "--hex takes pairs of hexadecimal digits")
      }
      return bytes
    }
    if let text { return Array(text.utf8) }
    if let from { return [UInt8](try Files.read(from)) }
    if name.vendor == .efiGlobal, BootVariable.entry(named: name.name) != nil {
      return try bootOption(value, former: former).bytes
    }
    guard let value else { throw Failure(.usage, "a value of \(name.shortText) is needed") }
    guard let bytes = try VariableValue.bytes(of: value, for: name) else {
      throw Failure(
        .usage,
        "the value of \(name.shortText) has no text form: use --hex, --text or --from (keys: "
          + "`pxelab efi enroll`)")
    }
    return bytes
  }

  /// A boot entry; what is not given stays as it was.
  private func bootOption(_ path: String?, former: Variable?) throws -> LoadOption {
    var option: LoadOption
    if let former {
      option = try LoadOption(bytes: former.data)
      if let path { option.devicePath = try DevicePath(text: path) }
    } else {
      guard let path else {
        throw Failure(.usage, "a new boot entry needs a device path, and a --title")
      }
      option = LoadOption(
        attributes: .active, description: title ?? "pxelab", devicePath: try DevicePath(text: path))
    }
    if let title { option.description = title }
    if let optionalData {
      guard let bytes = [UInt8](hexadecimal: optionalData) else {
        throw Failure(.usage, "--optional-data takes pairs of hexadecimal digits")
      }
      option.optionalData = bytes
    }
    if active { option.attributes.insert(.active) } else { option.attributes.remove(.active) }
    return option
  }

  private static func attributes(_ text: String) throws -> Variable.Attributes {
    if let number = UInt32(text) { return Variable.Attributes(rawValue: number) }
    var attributes: Variable.Attributes = []
    for word in text.uppercased().split(separator: "+") {
      guard let place = Variable.Attributes.names.firstIndex(of: String(word)) else {
        throw Failure(
          .usage,
          "\(word) is no attribute: \(Variable.Attributes.names.joined(separator: ", "))")
      }
      attributes.formUnion(Variable.Attributes(rawValue: 1 << UInt32(place)))
    }
    return attributes
  }

  private static func check(_ name: VariableName, _ attributes: Variable.Attributes) throws {
    guard attributes.contains(.nonVolatile) else {
      throw Failure(
        .usage,
        "\(name.shortText) is volatile: the firmware makes it at each start, and a store cannot "
          + "hold it" + (name.name == "SecureBoot" ? " (SecureBootEnable turns it on and off)" : "")
      )
    }
  }
}
