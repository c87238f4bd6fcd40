extension Domain {
  /// Hypervisor features (`<features>`).
  package struct Features: Hashable, Sendable {
    /// Whether ACPI tables are there.
    package var acpi: Bool
    /// VMware's I/O port.
    package var vmport: OnOff?
    /// System Management Mode, which Secure Boot needs. libvirt leaves it out when it was not
    /// asked for; `<smm/>` without a state means on.
    package var smm: OnOff?
  }
}

extension Domain.Features: Decodable {
  struct Switch: Decodable {
    var state: OnOff?
  }

  enum CodingKeys: String, CodingKey {
    case acpi, vmport, smm
  }

  /// Decodes `<features>`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func state(_ key: CodingKeys) throws -> OnOff? {
      guard container.contains(key) else { return nil }
      return try container.decodeIfPresent(Switch.self, forKey: key)?.state ?? .on
    }
    acpi = container.contains(.acpi)
    vmport = try state(.vmport)
    smm = try state(.smm)
  }

}
