extension Domain.OperatingSystem {
  /// Architecture, machine type and virtualization kind (`<type>`).
  public struct Machine: Codable, Hashable, Sendable {
    /// The architecture: `x86_64`.
    public var arch: String?
    /// QEMU's machine type: `q35`, `pc-q35-7.2`.
    public var machine: String?
    /// Always `hvm` for full virtualization.
    public var kind: String

    /// A fully virtualized machine.
    public init(arch: String, machine: String) {
      self.arch = arch
      self.machine = machine
      kind = "hvm"
    }

    enum CodingKeys: String, CodingKey {
      case arch, machine
      case kind = ""
    }
  }

  /// The features asked of the firmware (`<firmware>`).
  public struct FirmwareFeatures: Codable, Hashable, Sendable {
    /// The features: `secure-boot`, `enrolled-keys`.
    public var feature: [Feature]

    /// Features asked for.
    public init(feature: [Feature]) {
      self.feature = feature
    }

    /// One feature.
    public struct Feature: Codable, Hashable, Sendable {
      /// Whether it must be there or must not.
      public var enabled: YesNo
      /// Its name.
      public var name: String

      /// A feature.
      public init(enabled: YesNo, name: String) {
        self.enabled = enabled
        self.name = name
      }
    }
  }

  /// The firmware image (`<loader>`).
  public struct Loader: Codable, Hashable, Sendable {
    /// Whether the guest can only read it.
    public var readonly: YesNo?
    /// Whether only SMM may write the variable store (formatdomain.html, `secure`).
    public var secure: YesNo?
    /// `pflash` or `rom`.
    public var type: String?
    /// The image's path; absent where libvirt chooses it.
    public var path: String?

    /// A firmware image; without a path libvirt chooses it.
    public init(
      path: String? = nil, readonly: YesNo? = nil, secure: YesNo? = nil, type: String? = nil
    ) {
      self.readonly = readonly
      self.secure = secure
      self.type = type
      self.path = path
    }

    enum CodingKeys: String, CodingKey {
      case readonly, secure, type
      case path = ""
    }
  }

  /// The variable store (`<nvram>`).
  public struct NVRAM: Codable, Hashable, Sendable {
    /// The image that a new store is copied from.
    public var template: String?
    /// The store's path.
    public var path: String?

    /// A variable store.
    public init(path: String, template: String? = nil) {
      self.template = template
      self.path = path
    }

    enum CodingKeys: String, CodingKey {
      case template
      case path = ""
    }
  }

  /// The boot menu (`<bootmenu>`).
  public struct BootMenu: Codable, Hashable, Sendable {
    /// Whether it is shown.
    public var enable: YesNo
    /// How long it waits, in milliseconds.
    public var timeout: Int?

    /// A boot menu.
    public init(enable: YesNo, timeout: Int? = nil) {
      self.enable = enable
      self.timeout = timeout
    }
  }

  /// BIOS settings (`<bios>`).
  public struct BIOS: Codable, Hashable, Sendable {
    /// Whether the BIOS writes to the serial console.
    public var useserial: YesNo?

    /// BIOS settings.
    public init(useserial: YesNo?) {
      self.useserial = useserial
    }
  }

  /// The source of SMBIOS values (`<smbios>`).
  public struct SMBIOS: Codable, Hashable, Sendable {
    /// `sysinfo`, `emulate` or `host`.
    public var mode: String

    /// A source.
    public init(mode: String) {
      self.mode = mode
    }
  }
}
