import Addresses

/// What the manifests and the lab's settings promise of one machine.
public struct MachineExpectation: Codable, Hashable, Sendable {
  /// The machine's name.
  public var name: String
  /// The MAC address that it boots from.
  public var mac: MACAddress
  /// The interface with that address, by its name in the manifest.
  public var interface: String
  /// The VLAN of its attachment; `nil` for none.
  public var vlan: VLANID?
  /// The DHCP and TFTP server on that attachment; `nil` when any will do.
  public var server: IPv4Address?
  /// The network boot program's name; `nil` when any will do.
  public var bootFile: String?
  /// Sizes in bytes of the files served, by name.
  public var fileSizes: [String: Int]
  /// The interface's boot order; `nil` when the manifest gives none.
  public var bootOrder: Int?
  /// Whether the firmware is UEFI, which says by its variables what it booted; BIOS has none.
  public var efi: Bool
  /// Whether Secure Boot is on.
  public var secureBoot: Bool
  /// Whether the guest's kernel is locked down.
  public var lockdown: Bool
  /// Whether the EFI variables persist.
  public var persistent: Bool
  /// Whether VLAN 1 stays on the machine's port (preserveDefaultVlan).
  public var keepsDefaultVLAN: Bool
  /// The firmware's boot entries by which the lab can boot it, as OVMF names them: `PXEv4`. Empty
  /// when that is not known.
  public var entries: [String]

  /// Whether the machine reports from inside, as the probe does.
  public var reports: Bool

  /// An expectation; what is left out is not expected.
  public init(
    name: String, mac: MACAddress, interface: String, vlan: VLANID? = nil,
    server: IPv4Address? = nil, bootFile: String? = nil, fileSizes: [String: Int] = [:],
    bootOrder: Int? = nil, efi: Bool = true, secureBoot: Bool = false, lockdown: Bool = false,
    persistent: Bool = false, keepsDefaultVLAN: Bool = false, reports: Bool = true,
    entries: [String] = []
  ) {
    self.name = name
    self.mac = mac
    self.interface = interface
    self.vlan = vlan
    self.server = server
    self.bootFile = bootFile
    self.fileSizes = fileSizes
    self.bootOrder = bootOrder
    self.efi = efi
    self.secureBoot = secureBoot
    self.lockdown = lockdown
    self.persistent = persistent
    self.keepsDefaultVLAN = keepsDefaultVLAN
    self.reports = reports
    self.entries = entries
  }
}
