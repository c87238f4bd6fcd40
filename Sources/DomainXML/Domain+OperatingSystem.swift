extension Domain {
  /// Machine type and firmware (`<os>`).
  package struct OperatingSystem: Decodable, Hashable, Sendable {
    /// `efi` or `bios` to have libvirt choose a build; absent when `loader` names one, and in
    /// the description of a running domain.
    package var firmware: String?
    /// The machine.
    package var type: Machine
    /// What an automatically chosen firmware must have.
    package var firmwareFeatures: FirmwareFeatures?
    /// The firmware image.
    package var loader: Loader?
    /// The variable store.
    package var nvram: NVRAM?
    /// A kernel booted directly: its path.
    package var kernel: String?
    /// The initramfs of a direct kernel boot: its path.
    package var initrd: String?
    /// The command line of a direct kernel boot.
    package var cmdline: String?
    /// The firmware's boot menu.
    package var bootmenu: BootMenu?
    /// Kinds of device to boot from, in order (`<boot dev>`); BIOS reads them, UEFI firmware does not.
    package var boot: [BootDevice]
    /// Serial output of a BIOS.
    package var bios: BIOS?
    /// Where SMBIOS values come from.
    package var smbios: SMBIOS?

    /// A kind of device to boot from.
    package struct BootDevice: Decodable, Hashable, Sendable {
      /// `hd`, `network`, `cdrom` or `fd`.
      package var dev: String
    }
  }
}

// `firmware` is both an attribute of `<os>` and an element in it, so the keys share one name and
// the synthesized coding cannot tell them apart.
extension Domain.OperatingSystem {
  enum CodingKeys: CodingKey, Hashable {
    case firmware, type, firmwareFeatures, loader, nvram
    case kernel, initrd, cmdline, boot, bootmenu, bios, smbios

    init?(stringValue: String) {
      let keys: [CodingKeys] = [
        .firmware, .type, .loader, .nvram, .kernel, .initrd, .cmdline, .boot, .bootmenu, .bios,
        .smbios,
      ]
      guard let key = keys.first(where: { $0.stringValue == stringValue }) else { return nil }
      self = key
    }

    init?(intValue: Int) { nil }

    var intValue: Int? { nil }

    var stringValue: String {
      switch self {
      case .firmware, .firmwareFeatures: "firmware"
      case .type: "type"
      case .loader: "loader"
      case .nvram: "nvram"
      case .kernel: "kernel"
      case .initrd: "initrd"
      case .cmdline: "cmdline"
      case .boot: "boot"
      case .bootmenu: "bootmenu"
      case .bios: "bios"
      case .smbios: "smbios"
      }
    }
  }

  /// Decodes `<os>`.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    // Not decodeIfPresent: it would take the element of the same name for the attribute.
    firmware = try container.decode(String?.self, forKey: .firmware)
    firmwareFeatures = try container.decode(FirmwareFeatures?.self, forKey: .firmwareFeatures)
    type = try container.decode(Machine.self, forKey: .type)
    loader = try container.decodeIfPresent(Loader.self, forKey: .loader)
    nvram = try container.decodeIfPresent(NVRAM.self, forKey: .nvram)
    kernel = try container.decodeIfPresent(String.self, forKey: .kernel)
    initrd = try container.decodeIfPresent(String.self, forKey: .initrd)
    cmdline = try container.decodeIfPresent(String.self, forKey: .cmdline)
    boot = try container.decodeIfPresent([BootDevice].self, forKey: .boot) ?? []
    bootmenu = try container.decodeIfPresent(BootMenu.self, forKey: .bootmenu)
    bios = try container.decodeIfPresent(BIOS.self, forKey: .bios)
    smbios = try container.decodeIfPresent(SMBIOS.self, forKey: .smbios)
  }
}
