extension Domain {
  /// Hypervisor features (`<features>`).
  public struct Features: Hashable, Sendable {
    /// Whether ACPI tables are there.
    public var acpi: Bool
    /// VMware's I/O port.
    public var vmport: OnOff?
    /// System Management Mode, which Secure Boot needs. libvirt leaves it out when it was not
    /// asked for; `<smm/>` without a state means on.
    public var smm: OnOff?

    /// Features.
    public init(acpi: Bool, vmport: OnOff? = nil, smm: OnOff? = nil) {
      self.acpi = acpi
      self.vmport = vmport
      self.smm = smm
    }
  }
}

extension Domain.Features: Codable {
  struct Switch: Codable {
    var state: OnOff?
  }

  enum CodingKeys: String, CodingKey {
    case acpi, vmport, smm
  }

  /// Decodes `<features>`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func state(_ key: CodingKeys) throws -> OnOff? {
      guard container.contains(key) else { return nil }
      return try container.decodeIfPresent(Switch.self, forKey: key)?.state ?? .on
    }
    acpi = container.contains(.acpi)
    vmport = try state(.vmport)
    smm = try state(.smm)
  }

  /// Encodes `<features>`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if acpi { try container.encode(Domain.Presence(), forKey: .acpi) }
    if let vmport { try container.encode(Switch(state: vmport), forKey: .vmport) }
    if let smm { try container.encode(Switch(state: smm), forKey: .smm) }
  }
}
