extension Domain.OperatingSystem {
  /// Architecture, machine type and virtualization kind (`<type>`).
  public struct Machine: Decodable, Hashable, Sendable {
    /// The architecture: `x86_64`.
    public var arch: String?
    /// QEMU's machine type: `q35`, `pc-q35-7.2`.
    public var machine: String?
    /// Always `hvm` for full virtualization.
    public var kind: String

    enum CodingKeys: String, CodingKey {
      case arch, machine
      case kind = ""
    }
  }

  /// The features asked of the firmware (`<firmware>`).
  public struct FirmwareFeatures: Decodable, Hashable, Sendable {
    /// The features: `secure-boot`, `enrolled-keys`.
    public var feature: [Feature]

    /// One feature.
    public struct Feature: Decodable, Hashable, Sendable {
      /// Whether it must be there or must not.
      public var enabled: YesNo
      /// Its name.
      public var name: String
    }
  }

  /// The firmware image (`<loader>`).
  public struct Loader: Decodable, Hashable, Sendable {
    /// Whether the guest can only read it.
    public var readonly: YesNo?
    /// Whether only SMM may write the variable store (formatdomain.html, `secure`).
    public var secure: YesNo?
    /// `pflash` or `rom`.
    public var type: String?
    /// The image's path; absent where libvirt chooses it.
    public var path: String?

    enum CodingKeys: String, CodingKey {
      case readonly, secure, type
      case path = ""
    }
  }

  /// The variable store (`<nvram>`).
  public struct NVRAM: Decodable, Hashable, Sendable {
    /// The image that a new store is copied from.
    public var template: String?
    /// The store's path.
    public var path: String?

    enum CodingKeys: String, CodingKey {
      case template
      case path = ""
    }
  }

  /// The boot menu (`<bootmenu>`).
  public struct BootMenu: Decodable, Hashable, Sendable {
    /// Whether it is shown.
    public var enable: YesNo
    /// How long it waits, in milliseconds.
    public var timeout: Int?
  }

  /// BIOS settings (`<bios>`).
  public struct BIOS: Decodable, Hashable, Sendable {
    /// Whether the BIOS writes to the serial console.
    public var useserial: YesNo?
  }

  /// The source of SMBIOS values (`<smbios>`).
  public struct SMBIOS: Decodable, Hashable, Sendable {
    /// `sysinfo`, `emulate` or `host`.
    public var mode: String
  }
}
