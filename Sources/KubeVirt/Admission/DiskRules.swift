extension Machine {
  private static let buses = ["virtio", "scsi", "sata", "usb"]

  /// Disks (pkg/storage/admitters).
  func diskCauses() -> [Cause] {
    var causes: [Cause] = []
    var names: [String: Int] = [:]
    let volumeNames = Set(volumes.map(\.name))
    for (index, disk) in disks.enumerated() {
      let path = diskPath(index)
      if let first = names[disk.name] {
        causes.append(
          Cause("\(path).name", "\(path) and \(diskPath(first)) must not have the same Name."))
      } else {
        names[disk.name] = index
      }
      if !volumeNames.contains(disk.name) {
        causes.append(Cause("\(path).name", "\(path).Name '\(disk.name)' not found."))
      }
      if disk.targets.count > 1 {
        causes.append(Cause(path, "\(path) can only have a single target type defined"))
      }
      causes += busCauses(disk, path) + serialCauses(disk, path)
    }
    return causes
  }

  private func busCauses(_ disk: Disk, _ path: String) -> [Cause] {
    guard let bus = disk.bus, !bus.isEmpty else { return [] }
    let place = "\(path).\(disk.target.rawValue).bus"
    switch bus {
    case "ide":
      return [Cause("\(path).disk.bus", "IDE bus is not supported", place: place)]
    case "virtio" where disk.target == .cdrom:
      return [Cause("\(path).cdrom.bus", "Bus type virtio is invalid for CD-ROM device")]
    case "sata" where disk.target == .disk && disk.readOnly == true:
      return [Cause("\(path).disk.bus", "sata hard-disks do not support read-only.")]
    case let other where !Self.buses.contains(other):
      return [
        Cause(
          "\(path).disk.bus",
          "\(path) is set with an unrecognized bus \(other), must be one of:"
            + " [\(Self.buses.joined(separator: " "))]",
          place: place)
      ]
    default: return []
    }
  }

  private func serialCauses(_ disk: Disk, _ path: String) -> [Cause] {
    guard let serial = disk.serial, !serial.isEmpty else { return [] }
    var causes: [Cause] = []
    let isAllowed = serial.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "A"..."Z", "a"..."z", "0"..."9", "_", ".", "+", "-": true
      default: false
      }
    }
    if !isAllowed {
      causes.append(
        Cause(
          "\(path).serial",
          "\(path) must be made up of the following characters [A-Za-z0-9_.+-], if specified"))
    }
    if serial.utf8.count > 256 {
      causes.append(
        Cause(
          "\(path).serial", "\(path) must be less than or equal to 256 in length, if specified"))
    }
    return causes
  }
}
