import Addresses

/// What the probe inside the guest reports, on one console line after `PXELAB-REPORT `.
public struct GuestReport: Codable, Hashable, Sendable {
  /// The report's format; 1.
  public var version: Int
  /// The firmware's SecureBoot variable; `nil` without EFI variables.
  public var secureBoot: Bool?
  /// The firmware's SetupMode variable; `nil` without EFI variables.
  public var setupMode: Bool?
  /// The kernel's lockdown: `none`, `integrity` or `confidentiality`; `nil` when it has none.
  public var lockdown: String?
  /// The boot entry that was booted, four hexadecimal digits.
  public var bootCurrent: String?
  /// The boot entries in the firmware's order.
  public var bootOrder: [String]?
  /// Each entry's EFI_LOAD_OPTION (UEFI section 3.1.3) in lower-case hexadecimal, by its digits.
  public var bootEntries: [String: String]?
  /// The kernel's command line.
  public var cmdline: String?
  /// The kernel's release.
  public var kernel: String?
  /// The network interfaces, without loopback.
  public var nics: [NIC]
  /// What became of the pod network; `nil` for a machine without one.
  public var pod: Pod?

  /// A network interface as the guest sees it.
  public struct NIC: Codable, Hashable, Sendable {
    /// The kernel's name for it.
    public var name: String
    /// Its MAC address.
    public var mac: MACAddress
    /// `up` or `down`.
    public var state: String?
    /// Whether it has a carrier.
    public var carrier: Bool?
    /// Its driver.
    public var driver: String?
    /// Its addresses in CIDR notation.
    public var addresses: [String]?
    /// Its PCI address.
    public var pci: String?
  }

  /// The guest's end of the pod network.
  public struct Pod: Codable, Hashable, Sendable {
    /// The interface.
    public var interface: String?
    /// The gateway's address.
    public var gateway: String?
    /// Whether the gateway answered.
    public var reachable: Bool?
  }

  /// The words before the JSON.
  static let marker = "PXELAB-REPORT "

  /// The NIC that the network boot program was loaded by, as it told the kernel: GRUB and iPXE by
  /// `pxelab.bootmac=MAC`, pxelinux by `BOOTIF=01-MAC`; `nil` when it did not.
  public var bootMAC: MACAddress? {
    let words = cmdline?.split(separator: " ") ?? []
    for name in ["pxelab.bootmac=", "BOOTIF=01-"] {
      guard let word = words.last(where: { $0.hasPrefix(name) }) else { continue }
      return MACAddress(String(word.dropFirst(name.count)))
    }
    return nil
  }

  /// Whether the kernel came from a disk, whose boot loader gives it `pxelab.bootdisk`.
  public var isBootedFromDisk: Bool {
    cmdline?.split(separator: " ").contains { $0.hasPrefix("pxelab.bootdisk") } ?? false
  }

  /// Whether the kernel is locked down; `nil` when it does not say.
  public var isLockedDown: Bool? {
    lockdown.map { $0 == "integrity" || $0 == "confidentiality" }
  }
}
