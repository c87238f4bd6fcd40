/// A device in the one global boot order over disks and interfaces.
package struct BootDevice: Hashable, Sendable {
  /// What kind of device boots.
  package enum Kind: String, Codable, Hashable, Sendable {
    /// A disk, CD-ROM or LUN.
    case disk
    /// A network interface.
    case interface
  }

  /// What kind of device it is.
  package var kind: Kind
  /// The device's name in the manifest.
  package var name: String
  /// Its `bootOrder`, from 1.
  package var order: Int

  /// A device with a place in the boot order.
  package init(kind: Kind, name: String, order: Int) {
    self.kind = kind
    self.name = name
    self.order = order
  }
}

extension Machine {
  /// The devices with a `bootOrder`, first tried first. Devices without one are never tried when
  /// any has one, as in KubeVirt's domain XML.
  package var bootDevices: [BootDevice] {
    let disks = disks.compactMap { disk in
      disk.bootOrder.map { BootDevice(kind: .disk, name: disk.name, order: $0) }
    }
    let interfaces = interfaces.compactMap { interface in
      interface.bootOrder.map { BootDevice(kind: .interface, name: interface.name, order: $0) }
    }
    return (disks + interfaces).sorted { $0.order < $1.order }
  }
}
