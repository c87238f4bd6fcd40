import DomainXML
import Firmware

/// Where the devices of a domain are, by the addresses that libvirt has given them.
struct DeviceTopology {
  /// A device's place as QEMU and as UEFI write it.
  struct Place: Hashable {
    /// As in the fw_cfg file `bootorder` (QEMU's qdev_get_fw_dev_path).
    var openFirmwarePath: String
    /// As UEFI's device paths begin.
    var prefix: BootPathPrefix
  }

  private let controllers: [Domain.Controller]

  init(_ domain: Domain) {
    controllers = domain.controllers
  }

  func place(of disk: Domain.Disk) -> Place? {
    guard let address = disk.address else { return nil }
    switch (address.type, disk.bus) {
    case ("pci", _):
      return pci(address, "scsi")?.appending("/disk@0,0", [])
    case ("drive", "sata"):
      guard let unit = address.unit,
        let controller = controller("sata", address.controller)
      else { return nil }
      // QEMU has no word for an AHCI controller, and writes its IDs: ICH9's.
      return pci(controller, "pci8086,2922")?
        .appending(
          "/drive@\(hex(unit))/disk@0",
          [.sata(port: UInt16(truncatingIfNeeded: unit), multiplier: 0xffff, unit: 0)])
    case ("drive", "scsi"):
      guard let unit = address.unit,
        let controller = controller("scsi", address.controller)
      else { return nil }
      let target = address.target ?? 0
      return pci(controller, "scsi")?
        .appending(
          "/channel@0/disk@\(hex(target)),\(hex(unit))",
          [
            .scsi(
              target: UInt16(truncatingIfNeeded: target), unit: UInt16(truncatingIfNeeded: unit))
          ])
    case ("usb", _):
      // Ports are counted from 1, and in device paths from 0.
      guard let port = address.port, port > 0,
        let controller = controller("usb", address.bus)
      else { return nil }
      return pci(controller, "usb")?
        .appending(
          "/storage@\(hex(port))/channel@0/disk@0,0",
          [.usb(port: UInt8(truncatingIfNeeded: port - 1), interface: 0)])
    default: return nil
    }
  }

  func place(of interface: Domain.Interface) -> Place? {
    interface.address.flatMap { pci($0, "ethernet") }?.appending("/ethernet-phy@0", [])
  }

  /// A virtual function is a network card; vfio says nothing more of it.
  func place(of device: Domain.HostDevice) -> Place? {
    device.address.flatMap { pci($0, "ethernet") }
  }

  private func controller(_ type: String, _ index: Int?) -> Domain.Address? {
    controllers.first { $0.type == type && ($0.index ?? 0) == index ?? 0 }?.address
  }

  /// A function on PCI, behind the bridges that lead there.
  private func pci(_ address: Domain.Address, _ word: String) -> Place? {
    guard address.type == "pci", let slot = address.slot,
      (address.domain ?? 0) == 0
    else { return nil }
    let function = address.function ?? 0
    var path = ["\(word)@\(Self.unit(slot, function))"]
    var nodes = [Self.node(slot, function)]
    var bus = address.bus ?? 0
    var seen: Set<Int> = []
    while bus != 0 {
      // A bus has the number of the controller that makes it.
      guard seen.insert(bus).inserted,
        let bridge = controllers.first(where: { $0.type == "pci" && $0.index == bus })?.address,
        let slot = bridge.slot
      else { return nil }
      let function = bridge.function ?? 0
      path.insert("pci-bridge@\(Self.unit(slot, function))", at: 0)
      nodes.insert(Self.node(slot, function), at: 0)
      bus = bridge.bus ?? 0
    }
    return Place(
      openFirmwarePath: "/pci@i0cf8/" + path.joined(separator: "/"),
      prefix: BootPathPrefix(nodes: [.pciRoot(isExpress: false, uid: 0)] + nodes))
  }

  private static func unit(_ slot: Int, _ function: Int) -> String {
    function == 0 ? hex(slot) : "\(hex(slot)),\(hex(function))"
  }

  private static func node(_ slot: Int, _ function: Int) -> DevicePathNode {
    .pci(
      device: UInt8(truncatingIfNeeded: slot), function: UInt8(truncatingIfNeeded: function))
  }

}

extension DeviceTopology.Place {
  fileprivate func appending(_ path: String, _ nodes: [DevicePathNode]) -> Self {
    Self(
      openFirmwarePath: openFirmwarePath + path,
      prefix: BootPathPrefix(nodes: prefix.nodes + nodes))
  }
}

private func hex(_ number: Int) -> String { String(number, radix: 16) }
