import DomainXML
import KubeVirt

/// What stands behind a machine's disks in a lab.
struct DiskPlanner {
  /// The size of a disk that nothing gives a size to: 1 GiB, sparse.
  static let defaultSize: Int64 = 1 << 30

  let machine: Machine
  let directory: String

  /// The files, and the libvirt disks in the manifest's order. Volumes that a lab leaves out are
  /// named by ``notices(for:)``.
  func plan() -> [(file: MachinePlan.Disk, device: Domain.Disk)] {
    var virtio = 0
    var other = 0
    return machine.disks.compactMap { disk in
      guard let source = machine.volume(of: disk)?.source, let file = file(disk, source)
      else { return nil }
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
      let device = Domain.Disk(
        file: file.path, device: isCDROM ? "cdrom" : "disk",
        driver: .init(type: "raw", cache: disk.cache, io: disk.io),
        target: .init(dev: Self.target(bus == "virtio" ? "vd" : "sd", letter), bus: bus),
        serial: disk.target == .disk ? disk.serial : nil,
        isReadOnly: isCDROM || disk.readOnly == true, bootOrder: disk.bootOrder,
        alias: "ua-\(disk.name)")
      return (file, device)
    }
  }

  /// What a person should know of the machine's volumes.
  static func notices(for machine: Machine) -> [String] {
    machine.disks.compactMap { disk in
      let title = "\(machine.name): disk \(disk.name)"
      if disk.target == .lun {
        return "\(title): no LUN is passed through in a lab, so it is a disk on the same bus"
      }
      return switch machine.volume(of: disk)?.source {
      case .containerDisk(let image):
        "\(title): no local file stands for the container disk \(image), so it is an empty disk"
      case .persistentVolumeClaim(let claim), .dataVolume(let claim):
        "\(title): no local file stands for \(claim), so it is an empty disk"
      case .cloudInitNoCloud, .cloudInitConfigDrive:
        "\(title): cloud-init seeds are not made yet, so the machine starts without it"
      case .other(let kind):
        "\(title): volumes of type \(kind) have no meaning in a lab, so it is left out"
      case .emptyDisk, .hostDisk, nil:
        nil
      }
    }
  }

  private func file(_ disk: Disk, _ source: Volume.Source) -> MachinePlan.Disk? {
    let path = "\(directory)/\(disk.name).img"
    return switch source {
    case .containerDisk, .persistentVolumeClaim, .dataVolume:
      MachinePlan.Disk(name: disk.name, path: path, emptySize: Self.defaultSize)
    case .emptyDisk(let capacity):
      MachinePlan.Disk(name: disk.name, path: path, emptySize: capacity?.value ?? Self.defaultSize)
    case .hostDisk(let hostPath, _, _):
      MachinePlan.Disk(name: disk.name, path: hostPath, emptySize: nil)
    case .cloudInitNoCloud, .cloudInitConfigDrive, .other:
      nil
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
