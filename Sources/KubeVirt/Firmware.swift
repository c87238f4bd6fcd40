/// `domain.firmware`.
package struct Firmware: Hashable, Sendable {
  /// The boot loader; `nil` means SeaBIOS.
  package var bootloader: Bootloader?
  /// The SMBIOS UUID as written.
  package var uuid: String?
  /// The SMBIOS serial number as written.
  package var serial: String?
  /// `kernelBoot.kernelArgs`.
  package var kernelArguments: String?
  /// Whether `kernelBoot.container` names an image with a kernel.
  package var hasKernelContainer: Bool

  /// BIOS with nothing set.
  package init(
    bootloader: Bootloader? = nil, uuid: String? = nil, serial: String? = nil,
    kernelArguments: String? = nil, hasKernelContainer: Bool = false
  ) {
    self.bootloader = bootloader
    self.uuid = uuid
    self.serial = serial
    self.kernelArguments = kernelArguments
    self.hasKernelContainer = hasKernelContainer
  }
}

/// `domain.firmware.bootloader`.
package struct Bootloader: Hashable, Sendable {
  /// SeaBIOS.
  package struct BIOS: Hashable, Sendable {
    /// Whether the BIOS writes to the serial console.
    package var useSerial: Bool

    /// SeaBIOS.
    package init(useSerial: Bool = false) {
      self.useSerial = useSerial
    }
  }

  /// OVMF.
  package struct EFI: Hashable, Sendable {
    /// Secure Boot; KubeVirt's default is true.
    package var secureBoot: Bool
    /// Whether the variables are kept when the machine stops.
    package var persistent: Bool

    /// OVMF.
    package init(secureBoot: Bool = true, persistent: Bool = false) {
      self.secureBoot = secureBoot
      self.persistent = persistent
    }
  }

  /// SeaBIOS, if asked for.
  package var bios: BIOS?
  /// OVMF, if asked for.
  package var efi: EFI?

  /// A boot loader; admission refuses both at once.
  package init(bios: BIOS? = nil, efi: EFI? = nil) {
    self.bios = bios
    self.efi = efi
  }
}

/// The parts of `domain.features` that bear on booting.
package struct Features: Hashable, Sendable {
  /// ACPI; on by default.
  package var acpi: Bool
  /// System Management Mode, which Secure Boot needs; off by default, on for `smm: {}`.
  package var smm: Bool

  /// Features.
  package init(acpi: Bool = true, smm: Bool = false) {
    self.acpi = acpi
    self.smm = smm
  }
}
