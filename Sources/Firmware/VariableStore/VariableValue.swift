/// What a variable's bytes mean, for the variables whose meaning is known (UEFI 2.10 section 3.3 and
/// chapter 32; edk2; shim).
package enum VariableValue: Hashable, Sendable {
  /// Numbers of boot entries: `BootOrder`, `BootNext`.
  case bootEntries([UInt16])
  /// A boot entry: `Boot####`.
  case bootOption(LoadOption)
  /// A byte that is 0 or 1: `SecureBootEnable`.
  case flag(Bool)
  /// A number of one to eight bytes: `Timeout`.
  case number(UInt64)
  /// ASCII text: `SbatLevel`, `PlatformLang`.
  case text(String)
  /// A device path, or several: `ConOut`.
  case devicePath(DevicePath)
  /// Certificates and hashes: `db`.
  case signatures(SignatureDatabase)
  /// Bytes whose meaning is not known, or that do not hold what the variable should.
  case bytes([UInt8])

  /// The meaning of a variable.
  package init(_ variable: Variable) {
    self = (try? Self.decode(variable)) ?? .bytes(variable.data)
  }

  /// How the variables of one kind hold their value.
  enum Kind {
    case bootEntries, bootOption, flag, number(bytes: Int), text(hasNUL: Bool), devicePath,
      signatures
  }

  private static func decode(_ variable: Variable) throws(EFIDecodingError) -> VariableValue? {
    let data = variable.data
    switch Kind(variable.name) {
    case nil: return nil
    case .bootEntries: return .bootEntries(try BootVariable.entries(bytes: data))
    case .bootOption: return .bootOption(try LoadOption(bytes: data))
    case .flag: return data == [0] || data == [1] ? .flag(data == [1]) : nil
    case .number(let count):
      return data.count == count ? .number(UInt64(littleEndian: data[...])) : nil
    case .text:
      let text = data.last == 0 ? data.dropLast() : data[...]
      guard text.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 0x0a }) else { return nil }
      return .text(String(decoding: text, as: UTF8.self))
    case .devicePath: return .devicePath(try DevicePath(bytes: data))
    case .signatures: return .signatures(try SignatureDatabase(bytes: data))
    }
  }

  /// The bytes of a variable whose value a person writes: numbers of boot entries `0003,Boot0001`,
  /// `on` or `off`, a number, text, or a device path.
  ///
  /// - Returns: `nil` for a variable that has no such form.
  /// - Throws: `EFIDecodingError` when the text is not of the variable's form.
  package static func bytes(
    of text: String, for name: VariableName
  ) throws(EFIDecodingError) -> [UInt8]? {
    func refused(_ reason: String) -> EFIDecodingError {
      EFIDecodingError(structure: name.name, offset: 0, reason: reason)
    }
    switch Kind(name) {
    case nil, .bootOption, .signatures: return nil
    case .bootEntries:
      var entries: [UInt16] = []
      for word in text.split(separator: ",") {
        guard let entry = BootVariable.entry(text: word) else {
          throw refused("\(word.debugDescription) is no boot entry, such as 0003 or Boot0003")
        }
        entries.append(entry)
      }
      if name != .bootOrder, name.name.hasPrefix("Boot"), entries.count != 1 {
        throw refused("one boot entry is needed, such as 0003")
      }
      return BootVariable.bytes(entries: entries)
    case .flag:
      switch text.lowercased() {
      case "on", "true", "yes", "1": return [1]
      case "off", "false", "no", "0": return [0]
      default: throw refused("\(text.debugDescription) is neither on nor off")
      }
    case .number(let count):
      let digits = text.lowercased()
      let number =
        digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
      guard let number, count == 8 || number >> UInt64(8 * count) == 0 else {
        throw refused("\(text.debugDescription) is no number of \(count) bytes")
      }
      return Array(number.littleEndianBytes.prefix(count))
    case .text(let hasNUL):
      guard text.utf8.allSatisfy({ (0x20..<0x7f).contains($0) || $0 == 0x0a }) else {
        throw refused("only ASCII text can be set")
      }
      return Array(text.utf8) + (hasNUL ? [0] : [])
    case .devicePath: return try DevicePath(text: text).bytes
    }
  }
}

extension VariableValue.Kind {
  init?(_ name: VariableName) {
    guard VariableName(wellKnown: name.name) == name else {
      guard name.vendor == .efiGlobal, Self.isLoadOption(name.name) else { return nil }
      self = .bootOption
      return
    }
    switch name.name {
    case "BootOrder", "BootNext", "BootCurrent", "DriverOrder", "SysPrepOrder":
      self = .bootEntries
    case "SecureBoot", "SetupMode", "AuditMode", "DeployedMode", "SecureBootEnable", "CustomMode",
      "MokSBState", "SHIM_DEBUG", "SHIM_VERBOSE", "FALLBACK_VERBOSE", "FB_NO_REBOOT":
      self = .flag
    case "Timeout": self = .number(bytes: 2)
    case "OsIndications": self = .number(bytes: 8)
    case "Lang", "PlatformLang": self = .text(hasNUL: true)
    case "SbatLevel": self = .text(hasNUL: false)
    case "ConIn", "ConOut", "ErrOut": self = .devicePath
    case "PK", "KEK", "db", "dbx", "dbt", "dbr", "MokList", "MokListX", "MokNew",
      "TlsCaCertificate":
      self = .signatures
    default:
      guard BootVariable.entry(named: name.name) != nil else { return nil }
      self = .bootOption
    }
  }

  private static func isLoadOption(_ name: String) -> Bool {
    ["Driver", "SysPrep", "PlatformRecovery"].contains { kind in
      name.hasPrefix(kind) && name.count == kind.count + 4
        && UInt16(name.dropFirst(kind.count), radix: 16) != nil
    }
  }
}

extension VariableValue: CustomStringConvertible {
  /// One line for a person.
  package var description: String {
    switch self {
    case .bootEntries(let entries):
      return entries.isEmpty
        ? "none" : entries.map { BootVariable.digits(of: $0) }.joined(separator: ",")
    case .bootOption(let option):
      let flags = [
        (!option.attributes.contains(.active), "inactive"),
        (option.attributes.contains(.hidden), "hidden"),
        (option.attributes.contains(.application), "application"),
      ].filter(\.0).map(\.1)
      return option.description.debugDescription
        + (flags.isEmpty ? "" : " (\(flags.joined(separator: ", ")))") + " \(option.devicePath)"
    case .flag(let isOn): return isOn ? "on" : "off"
    case .number(let number): return "\(number)"
    case .text(let text):
      return text.debugDescription
    case .devicePath(let path): return path.description
    case .signatures(let database): return database.summary
    case .bytes(let bytes):
      let shown = Array(bytes.prefix(16)).hexadecimal
      return bytes.count <= 16 ? shown : "\(shown)... (\(bytes.count) bytes)"
    }
  }
}

extension SignatureDatabase {
  /// `2 certificates, 77 SHA-256`; `empty`.
  package var summary: String {
    let signatures = signatures
    var parts: [String] = []
    func count(_ name: String, _ plural: String, _ isOne: (SignatureList.Kind) -> Bool) {
      let count = signatures.count { isOne($0.kind) }
      if count > 0 { parts.append("\(count) \(count == 1 ? name : plural)") }
    }
    count("certificate", "certificates") { $0 == .x509 }
    count("SHA-256", "SHA-256") { $0 == .sha256 }
    count("certificate's SHA-256", "certificates' SHA-256") { $0 == .x509SHA256 }
    count("other", "others") { if case .other = $0 { true } else { false } }
    return parts.isEmpty ? "empty" : parts.joined(separator: ", ")
  }
}
