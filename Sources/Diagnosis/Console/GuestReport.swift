import Addresses

/// What the probe inside the guest reports, on one console line after `PXELAB-REPORT `.
package struct GuestReport: Codable, Hashable, Sendable {
  /// The report's format; 1.
  package var version: Int
  /// The firmware's SecureBoot variable; `nil` without EFI variables.
  package var secureBoot: Bool?
  /// The firmware's SetupMode variable; `nil` without EFI variables.
  package var setupMode: Bool?
  /// The kernel's lockdown: `none`, `integrity` or `confidentiality`; `nil` when it has none.
  package var lockdown: String?
  /// The boot entry that was booted, four hexadecimal digits.
  package var bootCurrent: String?
  /// The boot entries in the firmware's order.
  package var bootOrder: [String]?
  /// Each entry's EFI_LOAD_OPTION (UEFI section 3.1.3) in lower-case hexadecimal, by its digits.
  package var bootEntries: [String: String]?
  /// The kernel's command line.
  package var cmdline: String?
  /// The kernel's release.
  package var kernel: String?
  /// The network interfaces, without loopback.
  package var nics: [NIC]
  /// What became of the pod network; `nil` for a machine without one.
  package var pod: Pod?

  /// A network interface as the guest sees it.
  package struct NIC: Codable, Hashable, Sendable {
    /// The kernel's name for it.
    package var name: String
    /// Its MAC address.
    package var mac: MACAddress
    /// `up` or `down`.
    package var state: String?
    /// Whether it has a carrier.
    package var carrier: Bool?
    /// Its driver.
    package var driver: String?
    /// Its addresses in CIDR notation.
    package var addresses: [String]?
    /// Its PCI address.
    package var pci: String?
  }

  /// The guest's end of the pod network.
  package struct Pod: Codable, Hashable, Sendable {
    /// The interface.
    package var interface: String?
    /// The gateway's address.
    package var gateway: String?
    /// Whether the gateway answered.
    package var reachable: Bool?
  }

  /// The words before the JSON.
  static let marker = "PXELAB-REPORT "

  /// The NIC that the network boot program was loaded by, as it told the kernel: GRUB and iPXE by
  /// `pxelab.bootmac=MAC`, pxelinux by `BOOTIF=01-MAC`; `nil` when it did not.
  package var bootMAC: MACAddress? {
    let words = cmdline?.split(separator: " ") ?? []
    for name in ["pxelab.bootmac=", "BOOTIF=01-"] {
      guard let word = words.last(where: { $0.hasPrefix(name) }) else { continue }
      return MACAddress(String(word.dropFirst(name.count)))
    }
    return nil
  }

  /// Whether the kernel came from a disk, whose boot loader gives it `pxelab.bootdisk`.
  package var isBootedFromDisk: Bool {
    cmdline?.split(separator: " ").contains { $0.hasPrefix("pxelab.bootdisk") } ?? false
  }

  /// Whether the kernel is locked down; `nil` when it does not say.
  package var isLockedDown: Bool? {
    lockdown.map { $0 == "integrity" || $0 == "confidentiality" }
  }
}
