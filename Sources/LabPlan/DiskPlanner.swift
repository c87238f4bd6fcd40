import DomainXML
import KubeVirt

/// The libvirt disks of a machine's volumes.
struct DiskPlanner {
  let machine: Machine
  let volumes: [VolumePlan]

  /// The disks in the manifest's order; one without a file is left out.
  func plan() -> [Domain.Disk] {
    var virtio = 0
    var other = 0
    return machine.disks.compactMap { disk in
      guard let volume = volumes.first(where: { $0.name == disk.name }) else { return nil }
      let isCDROM = disk.target == .cdrom
      let bus = disk.bus ?? "sata"
      let letter: Int
      if bus == "virtio" {
        letter = virtio
        virtio += 1
      } else {
        letter = other
        other += 1
      }
      return Domain.Disk(
        file: volume.path, device: isCDROM ? "cdrom" : "disk",
        driver: .init(type: volume.format.rawValue, cache: disk.cache, io: disk.io),
        target: .init(dev: Self.target(bus == "virtio" ? "vd" : "sd", letter), bus: bus),
        serial: disk.target == .disk ? disk.serial : nil,
        isReadOnly: isCDROM || disk.readOnly == true, bootOrder: disk.bootOrder,
        alias: "ua-\(disk.name)")
    }
  }

  /// vda to vdz, then vdaa and on, as the kernel names them.
  static func target(_ prefix: String, _ index: Int) -> String {
    var suffix = ""
    var rest = index
    repeat {
      suffix = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(rest % 26))) + suffix
      rest = rest / 26 - 1
    } while rest >= 0
    return prefix + suffix
  }
}
