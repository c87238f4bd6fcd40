extension VariableCollection {
  /// The entries that the boot manager tries, in order; `nil` where there is no `BootOrder` yet.
  ///
  /// - Throws: `EFIDecodingError`.
  package func bootOrder() throws(EFIDecodingError) -> [UInt16]? {
    guard let variable = self[.bootOrder] else { return nil }
    return try BootVariable.entries(bytes: variable.data)
  }

  /// The entry that the next start tries before all others, once.
  ///
  /// - Throws: `EFIDecodingError`.
  package func bootNext() throws(EFIDecodingError) -> UInt16? {
    guard let variable = self[.bootNext] else { return nil }
    let entries = try BootVariable.entries(bytes: variable.data)
    guard entries.count == 1 else {
      throw EFIDecodingError(
        structure: "BootNext", offset: 0, reason: "\(entries.count) numbers instead of one")
    }
    return entries[0]
  }

  /// A boot entry; `nil` where there is none of that number.
  ///
  /// - Throws: `EFIDecodingError`.
  package func bootOption(_ number: UInt16) throws(EFIDecodingError) -> LoadOption? {
    guard let variable = self[.boot(number)] else { return nil }
    return try LoadOption(bytes: variable.data)
  }

  /// The numbers of all boot entries, in the boot order or not, ascending.
  package var bootNumbers: [UInt16] {
    variables.filter { $0.name.vendor == .efiGlobal }
      .compactMap { BootVariable.entry(named: $0.name.name) }.sorted()
  }

  /// The numbers in `BootOrder` or `BootNext` that no boot entry has, each once; none in another
  /// variable.
  package func missingEntries(of variable: Variable) -> [UInt16] {
    guard variable.name == .bootOrder || variable.name == .bootNext,
      let entries = try? BootVariable.entries(bytes: variable.data)
    else { return [] }
    var known = Set(bootNumbers)
    return entries.filter { known.insert($0).inserted }
  }
}

extension EditableVariables {
  /// Sets the order in which boot entries are tried.
  ///
  /// - Throws: `VariableStoreFullError`.
  package mutating func setBootOrder(_ entries: [UInt16]) throws(VariableStoreFullError) {
    try set(
      Variable(.bootOrder, attributes: .runtime, data: BootVariable.bytes(entries: entries)))
  }

  /// Sets the entry that the next start tries first, once; `nil` for none.
  ///
  /// - Throws: `VariableStoreFullError`.
  package mutating func setBootNext(_ entry: UInt16?) throws(VariableStoreFullError) {
    guard let entry else {
      delete(.bootNext)
      return
    }
    try set(
      Variable(.bootNext, attributes: .runtime, data: BootVariable.bytes(entries: [entry])))
  }

  /// Sets a boot entry.
  ///
  /// - Throws: `VariableStoreFullError`.
  package mutating func setBootOption(
    _ number: UInt16, _ option: LoadOption
  ) throws(VariableStoreFullError) {
    try set(Variable(.boot(number), attributes: .runtime, data: option.bytes))
  }
}
