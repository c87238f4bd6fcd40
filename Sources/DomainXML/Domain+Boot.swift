extension Domain.OperatingSystem {
  /// Architecture, machine type and virtualization kind (`<type>`).
  package struct Machine: Decodable, Hashable, Sendable {
    /// The architecture: `x86_64`.
    package var arch: String?
    /// QEMU's machine type: `q35`, `pc-q35-7.2`.
    package var machine: String?
    /// Always `hvm` for full virtualization.
    package var kind: String

    enum CodingKeys: String, CodingKey {
      case arch, machine
      case kind = ""
    }
  }

  /// The features asked of the firmware (`<firmware>`).
  package struct FirmwareFeatures: Decodable, Hashable, Sendable {
    /// The features: `secure-boot`, `enrolled-keys`.
    package var feature: [Feature]

    /// One feature.
    package struct Feature: Decodable, Hashable, Sendable {
      /// Whether it must be there or must not.
      package var enabled: YesNo
      /// Its name.
      package var name: String
    }
  }

  /// The firmware image (`<loader>`).
  package struct Loader: Decodable, Hashable, Sendable {
    /// Whether the guest can only read it.
    package var readonly: YesNo?
    /// Whether only SMM may write the variable store (formatdomain.html, `secure`).
    package var secure: YesNo?
    /// `pflash` or `rom`.
    package var type: String?
    /// The image's path; absent where libvirt chooses it.
    package var path: String?

    enum CodingKeys: String, CodingKey {
      case readonly, secure, type
      case path = ""
    }
  }

  /// The variable store (`<nvram>`).
  package struct NVRAM: Decodable, Hashable, Sendable {
    /// The image that a new store is copied from.
    package var template: String?
    /// The store's path.
    package var path: String?

    enum CodingKeys: String, CodingKey {
      case template
      case path = ""
    }
  }

  /// The boot menu (`<bootmenu>`).
  package struct BootMenu: Decodable, Hashable, Sendable {
    /// Whether it is shown.
    package var enable: YesNo
    /// How long it waits, in milliseconds.
    package var timeout: Int?
  }

  /// BIOS settings (`<bios>`).
  package struct BIOS: Decodable, Hashable, Sendable {
    /// Whether the BIOS writes to the serial console.
    package var useserial: YesNo?
  }

  /// The source of SMBIOS values (`<smbios>`).
  package struct SMBIOS: Decodable, Hashable, Sendable {
    /// `sysinfo`, `emulate` or `host`.
    package var mode: String
  }
}
