/// `domain.firmware`.
public struct Firmware: Hashable, Sendable {
  /// The boot loader; `nil` means SeaBIOS.
  public var bootloader: Bootloader?
  /// The SMBIOS UUID as written.
  public var uuid: String?
  /// The SMBIOS serial number as written.
  public var serial: String?
  /// `kernelBoot.kernelArgs`.
  public var kernelArguments: String?
  /// Whether `kernelBoot.container` names an image with a kernel.
  public var hasKernelContainer: Bool

  /// BIOS with nothing set.
  public init(
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
public struct Bootloader: Hashable, Sendable {
  /// SeaBIOS.
  public struct BIOS: Hashable, Sendable {
    /// Whether the BIOS writes to the serial console.
    public var useSerial: Bool

    /// SeaBIOS.
    public init(useSerial: Bool = false) {
      self.useSerial = useSerial
    }
  }

  /// OVMF.
  public struct EFI: Hashable, Sendable {
    /// Secure Boot; KubeVirt's default is true.
    public var secureBoot: Bool
    /// Whether the variables are kept when the machine stops.
    public var persistent: Bool

    /// OVMF.
    public init(secureBoot: Bool = true, persistent: Bool = false) {
      self.secureBoot = secureBoot
      self.persistent = persistent
    }
  }

  /// SeaBIOS, if asked for.
  public var bios: BIOS?
  /// OVMF, if asked for.
  public var efi: EFI?

  /// A boot loader; admission refuses both at once.
  public init(bios: BIOS? = nil, efi: EFI? = nil) {
    self.bios = bios
    self.efi = efi
  }
}

/// The parts of `domain.features` that bear on booting.
public struct Features: Hashable, Sendable {
  /// ACPI; on by default.
  public var acpi: Bool
  /// System Management Mode, which Secure Boot needs; off by default, on for `smm: {}`.
  public var smm: Bool

  /// Features.
  public init(acpi: Bool = true, smm: Bool = false) {
    self.acpi = acpi
    self.smm = smm
  }
}
