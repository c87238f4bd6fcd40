/// What the rules need of a machine's EFI variables.
package struct FirmwareVariables: Codable, Hashable, Sendable {
  /// Whether Secure Boot is enforced: keys are enrolled and nothing switches it off; `nil` when the
  /// variables do not say.
  package var secureBoot: Bool?
  /// Whether there is no platform key.
  package var setupMode: Bool?
  /// The boot entries' numbers in the firmware's order; `nil` without the variable.
  package var bootOrder: [UInt16]?
  /// The entry for the next boot only.
  package var bootNext: UInt16?
  /// The boot entries.
  package var entries: [Entry]

  /// A boot entry, `Boot####`.
  package struct Entry: Codable, Hashable, Sendable {
    /// Its number.
    package var number: UInt16
    /// Its description.
    package var description: String
    /// Its device path as text (UEFI 2.10 section 10.6).
    package var path: String
    /// Whether the firmware may boot it (LOAD_OPTION_ACTIVE).
    package var isActive: Bool

    /// A boot entry.
    package init(number: UInt16, description: String, path: String, isActive: Bool) {
      self.number = number
      self.description = description
      self.path = path
      self.isActive = isActive
    }
  }

  /// Variables; what is left out is not in the store.
  package init(
    secureBoot: Bool? = nil, setupMode: Bool? = nil, bootOrder: [UInt16]? = nil,
    bootNext: UInt16? = nil, entries: [Entry] = []
  ) {
    self.secureBoot = secureBoot
    self.setupMode = setupMode
    self.bootOrder = bootOrder
    self.bootNext = bootNext
    self.entries = entries
  }

  /// The entry with a number.
  package func entry(_ number: UInt16) -> Entry? { entries.first { $0.number == number } }
}
