import Addresses

/// What the manifests and the lab's settings promise of one machine.
package struct MachineExpectation: Codable, Hashable, Sendable {
  /// The machine's name.
  package var name: String
  /// The MAC address that it boots from.
  package var mac: MACAddress
  /// The interface with that address, by its name in the manifest.
  package var interface: String
  /// The VLAN of its attachment; `nil` for none.
  package var vlan: VLANID?
  /// The DHCP and TFTP server on that attachment; `nil` when any will do.
  package var server: IPv4Address?
  /// What the machine's server tells it to boot, a path or a URL; `nil` when any will do.
  package var bootFile: String?
  /// The disk that the machine boots from in the place of the network; then ``mac`` is of an
  /// interface that is tried in vain, or not at all.
  package var disk: BootDisk?
  /// The devices of the boots before the last, which is the one that the rest is about: an
  /// interface's MAC address, or a disk.
  package var earlierBoots: [BootSource]
  /// Sizes in bytes of the files served, by name.
  package var fileSizes: [String: Int]
  /// The interface's boot order; `nil` when the manifest gives none.
  package var bootOrder: Int?
  /// Whether the firmware is UEFI, which says by its variables what it booted; BIOS has none.
  package var efi: Bool
  /// Whether Secure Boot is on.
  package var secureBoot: Bool
  /// Whether the guest's kernel is locked down.
  package var lockdown: Bool
  /// Whether the EFI variables persist.
  package var persistent: Bool
  /// Whether VLAN 1 stays on the machine's port (preserveDefaultVlan).
  package var keepsDefaultVLAN: Bool
  /// The firmware's boot entries by which the lab can boot it, as OVMF names them: `PXEv4`. Empty
  /// when that is not known.
  package var entries: [String]

  /// Whether the machine reports from inside, as the probe does.
  package var reports: Bool

  /// A disk that a machine boots from.
  package struct BootDisk: Codable, Hashable, Sendable {
    /// Its name in the manifest.
    package var name: String
    /// Its boot order; `nil` when the manifest gives none.
    package var bootOrder: Int?

    /// A disk.
    package init(name: String, bootOrder: Int?) {
      self.name = name
      self.bootOrder = bootOrder
    }
  }

  /// What one boot comes from.
  package enum BootSource: Codable, Hashable, Sendable {
    /// The network, by an interface.
    case interface(name: String, mac: MACAddress)
    /// A disk.
    case disk(name: String)

    /// Whether it is the network.
    var isInterface: Bool {
      if case .interface = self { true } else { false }
    }

    /// The device's name in the manifest.
    package var name: String {
      switch self {
      case .interface(let name, _), .disk(let name): name
      }
    }
  }

  /// Where a boot file is, by its URL.
  struct BootLocation {
    /// `tftp`, `http` or `https`.
    var scheme: String
    /// The server; `nil` when the URL has a name instead of an address.
    var server: IPAddress?
    /// Whether that is an IPv6 address.
    var isIPv6: Bool {
      if case .v6 = server { true } else { false }
    }
  }

  /// Where the boot file is; `nil` for a path on the DHCP server.
  var bootLocation: BootLocation? {
    guard let bootFile, let scheme = bootFile.firstRange(of: "://") else { return nil }
    return BootLocation(
      scheme: String(bootFile[..<scheme.lowerBound]),
      server: ClientTrace.host(ofURL: bootFile).flatMap { IPAddress($0) })
  }

  /// How many boots the machine makes until it is judged.
  package var boots: Int { earlierBoots.count + 1 }

  /// An expectation; what is left out is not expected.
  package init(
    name: String, mac: MACAddress, interface: String, vlan: VLANID? = nil,
    server: IPv4Address? = nil, bootFile: String? = nil, disk: BootDisk? = nil,
    earlierBoots: [BootSource] = [], fileSizes: [String: Int] = [:],
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
    self.disk = disk
    self.earlierBoots = earlierBoots
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
