import Addresses
import DomainXML
import Firmware

/// A device of a machine's domain that can have a place in the boot order.
package struct BootDevice: Codable, Hashable, Sendable {
  /// What a device is.
  package enum Kind: String, Codable, Hashable, Sendable {
    /// A disk or LUN.
    case disk
    /// A CD-ROM drive.
    case cdrom
    /// A network interface.
    case interface
    /// A device of the host, such as a virtual function.
    case hostDevice

    /// What a person calls it.
    package var title: String {
      switch self {
      case .disk: "disk"
      case .cdrom: "CD-ROM"
      case .interface: "interface"
      case .hostDevice: "host device"
      }
    }
  }

  /// What it is.
  package var kind: Kind
  /// Its name in the manifest; where that has none of it, its name in the domain.
  package var name: String
  /// Its alias in the domain, which is its identifier in QEMU.
  package var alias: String?
  /// Its MAC address, of an interface.
  package var mac: MACAddress?
  /// Its place in the boot order, from 1: `<boot order>` of the domain, or what follows from
  /// `<boot dev>`.
  package var order: Int?
  /// Whether it has that place by `<boot dev>` alone.
  package var isImplied: Bool = false
  /// Where it is in QEMU's tree of devices, as QEMU writes it into the fw_cfg file `bootorder`;
  /// `nil` while it has no address.
  package var openFirmwarePath: String?
  /// The beginning of the device paths of its boot entries; empty while it has no address.
  package var prefix: BootPathPrefix
  /// Whether OVMF, or the card's own ROM, can boot from it.
  package var hasDriver: Bool = true
  /// Whether the link of an interface is up.
  package var hasLink: Bool = true

  /// A device.
  package init(
    kind: Kind, name: String, alias: String? = nil, mac: MACAddress? = nil, order: Int? = nil,
    openFirmwarePath: String? = nil, prefix: BootPathPrefix = BootPathPrefix(nodes: [])
  ) {
    self.kind = kind
    self.name = name
    self.alias = alias
    self.mac = mac
    self.order = order
    self.openFirmwarePath = openFirmwarePath
    self.prefix = prefix
  }

  /// What a person calls it: `interface pxe`.
  package var title: String { "\(kind.title) \(name)" }

  /// Whether it is read in blocks.
  package var isDisk: Bool { kind == .disk || kind == .cdrom }

  /// Whether a boot entry of the firmware's is this device's: its device path leads there, or has its
  /// MAC address.
  package func owns(_ path: DevicePath) -> Bool {
    prefix.begins(path) || (mac != nil && path.macAddress == mac)
  }
}

extension BootDevice {
  /// The devices of a domain: disks, then interfaces, then devices of the host, each in the domain's
  /// order.
  package static func devices(of domain: Domain) -> [BootDevice] {
    let topology = DeviceTopology(domain)
    let disks = domain.disks.enumerated().map { index, disk in
      BootDevice(
        kind: disk.isCDROM ? .cdrom : .disk,
        name: name(disk.alias) ?? disk.target ?? "\(index + 1)", alias: disk.alias,
        order: disk.bootOrder, place: topology.place(of: disk))
    }
    let interfaces = domain.interfaces.enumerated().map { index, interface in
      BootDevice(
        kind: .interface, name: name(interface.alias) ?? "\(index + 1)", alias: interface.alias,
        mac: interface.mac, order: interface.bootOrder, place: topology.place(of: interface),
        hasDriver: interface.hasDriver, hasLink: interface.hasLink)
    }
    let hostDevices = domain.hostDevices.enumerated().map { index, device in
      BootDevice(
        kind: .hostDevice, name: name(device.alias) ?? "\(index + 1)", alias: device.alias,
        order: device.bootOrder, place: topology.place(of: device))
    }
    return (disks + interfaces + hostDevices).withImpliedOrder(domain)
  }

  private init(
    kind: Kind, name: String, alias: String?, mac: MACAddress? = nil, order: Int?,
    place: DeviceTopology.Place?, hasDriver: Bool = true, hasLink: Bool = true
  ) {
    self.init(
      kind: kind, name: name, alias: alias, mac: mac, order: order,
      openFirmwarePath: place?.openFirmwarePath,
      prefix: place?.prefix ?? BootPathPrefix(nodes: []))
    self.hasDriver = hasDriver
    self.hasLink = hasLink
  }

  /// The manifest's name in an alias of KubeVirt's: `pxe` in `ua-pxe`, `fast` in `ua-sriov-fast`.
  private static func name(_ alias: String?) -> String? {
    guard let alias else { return nil }
    for prefix in ["ua-sriov-", "ua-"] where alias.hasPrefix(prefix) {
      return String(alias.dropFirst(prefix.count))
    }
    return nil
  }
}

extension Domain.Interface {
  /// Whether OVMF as distributions build it drives the card, which is virtio's alone
  /// (OvmfPkg/VirtioNetDxe), or the card's ROM brings a driver.
  fileprivate var hasDriver: Bool {
    hasROM != false || model?.hasPrefix("virtio") ?? false
  }
}

extension [BootDevice] {
  /// Where no device has `<boot order>`, libvirt goes by `<boot dev>` and gives the first device of each
  /// kind a boot index; without that either, it adds `<boot dev='hd'/>` to the definition.
  fileprivate func withImpliedOrder(_ domain: Domain) -> [BootDevice] {
    guard allSatisfy({ $0.order == nil }) else { return self }
    var devices = self
    let kinds = domain.bootKinds.isEmpty ? ["hd"] : domain.bootKinds
    for (place, kind) in kinds.enumerated() {
      let first = devices.firstIndex { device in
        switch device.kind {
        case .disk: kind == "hd"
        case .cdrom: kind == "cdrom"
        case .interface: kind == "network"
        case .hostDevice: false
        }
      }
      guard let first, devices[first].order == nil else { continue }
      devices[first].order = place + 1
      devices[first].isImplied = true
    }
    return devices
  }
}
