extension Admission {
  private static let buses = ["virtio", "scsi", "sata", "usb"]

  /// Disks, CD-ROMs and LUNs (pkg/storage/admitters/disks.go).
  func diskCauses() -> [Cause] {
    var indices: [String: [Int]] = [:]
    var causes: [Cause] = []
    for (index, disk) in disks.enumerated() {
      let path = diskPath(index)
      // Upstream names each pair; many disks of one name have more pairs than anyone reads.
      let others = indices[disk.name, default: []]
      for other in causes.count < MachineObject.causeLimit ? others[...] : others.prefix(1) {
        causes.append(
          Cause("\(path).name", "\(path) and \(diskPath(other)) must not have the same Name."))
      }
      indices[disk.name, default: []].append(index)
      if disk.targetCount > 1 {
        causes.append(Cause(path, "\(path) can only have a single target type defined"))
      }
      causes += addressCauses(disk, index)
      causes += busCauses(disk, index)
      causes += serialCauses(disk, path)
      causes += modeCauses(disk, index)
      causes += blockSizeCauses(disk, path)
    }
    return causes
  }

  private var disksPath: String { "\(path).domain.devices.disks" }

  private func addressCauses(_ disk: AdmittedDisk, _ index: Int) -> [Cause] {
    var causes: [Cause] = []
    let address = disk.value["disk"]["pciAddress"].string
    if !address.isEmpty {
      // Upstream appends the whole way to the disks a second time.
      let path = "\(disksPath).domain.devices.disks.disk[\(index)]"
      let place = "\(diskPath(index)).disk.pciAddress"
      if disk.bus != "virtio" {
        causes.append(
          Cause(
            "\(path).pciAddress",
            "disk \(path).name - setting a PCI address is only possible with bus type virtio.",
            place: place))
      }
      if !isPCIAddress(address) {
        causes.append(
          Cause(
            "\(path).pciAddress", "disk \(path).name has malformed PCI address (\(address)).",
            place: place))
      }
    }
    if disk.value["bootOrder"].exists, disk.value["bootOrder"].integer < 1 {
      let path = diskPath(index)
      causes.append(
        Cause("\(path).bootOrder", "\(path) must have a boot order > 0, if supplied"))
    }
    return causes
  }

  private func busCauses(_ disk: AdmittedDisk, _ index: Int) -> [Cause] {
    let bus = disk.bus
    if bus.isEmpty { return [] }
    let path = diskPath(index)
    let field = "\(path).\(disk.target).bus"
    var causes: [Cause] = []
    switch bus {
    case "ide": causes.append(Cause(field, "IDE bus is not supported"))
    case "virtio":
      if disk.target == "cdrom" {
        causes.append(Cause(field, "Bus type virtio is invalid for CD-ROM device"))
      }
    case "sata":
      if disk.value["disk"]["readonly"].boolean == true {
        causes.append(
          Cause("\(path).disk.bus", "sata hard-disks do not support read-only."))
      }
    case "scsi", "usb": break
    default:
      causes.append(
        Cause(
          field,
          "\(path) is set with an unrecognized bus \(bus), must be one of:"
            + " [\(Self.buses.joined(separator: " "))]"))
    }
    if disk.value["dedicatedIOThread"].boolean == true, bus != "virtio" {
      causes.append(
        Cause(
          "\(disksPath).domain.devices.disks[\(index)]",
          "IOThreads are not supported for disks on a \(bus) bus", place: path))
    }
    return causes
  }

  private func serialCauses(_ disk: AdmittedDisk, _ path: String) -> [Cause] {
    let serial = disk.value["serial"].string
    if serial.isEmpty { return [] }
    var causes: [Cause] = []
    if !serial.utf8.allSatisfy({ isLetterOrDigit($0) || "_.+-".utf8.contains($0) }) {
      causes.append(
        Cause(
          "\(path).serial",
          "\(path) must be made up of the following characters [A-Za-z0-9_.+-], if specified"))
    }
    if serial.unicodeScalars.count > 256 {
      causes.append(
        Cause(
          "\(path).serial", "\(path) must be less than or equal to 256 in length, if specified"))
    }
    return causes
  }

  private func modeCauses(_ disk: AdmittedDisk, _ index: Int) -> [Cause] {
    let path = diskPath(index)
    var causes: [Cause] = []
    let cache = disk.value["cache"].string
    if !["", "none", "writethrough", "writeback"].contains(cache) {
      causes.append(Cause("\(path).cache", "\(path).cache has invalid value \(cache)"))
    }
    if !["", "native", "threads"].contains(disk.value["io"].string) {
      causes.append(
        Cause(
          "\(disksPath).domain.devices.disks[\(index)].io",
          "Disk IO mode for \(disksPath) is not supported. Supported modes are: native, threads.",
          place: "\(path).io"))
    }
    if disk.value["errorPolicy"].exists {
      let policy = disk.value["errorPolicy"].string
      if !["stop", "ignore", "report", "enospace"].contains(policy) {
        causes.append(
          Cause("\(path).errorPolicy", "\(path).errorPolicy has invalid value \"\(policy)\""))
      }
    }
    // The disk's name can become a container's.
    for objection in labelObjections(disk.name) {
      causes.append(
        Cause(
          "\(disksPath).domain.devices.disks[\(index)].name", objection, place: "\(path).name"))
    }
    return causes
  }

  private func blockSizeCauses(_ disk: AdmittedDisk, _ path: String) -> [Cause] {
    let blockSize = disk.value["blockSize"]
    let custom = blockSize["custom"]
    guard custom.exists else { return [] }
    let field = "\(path).blockSize"
    if blockSize["matchVolume"].isEnabled {
      return [
        Cause(field, "Block size matching can't be enabled together with a custom value")
      ]
    }
    let logical = custom["logical"].integer
    let physical = custom["physical"].integer
    let granularity = custom["discardGranularity"]
    if logical > physical {
      return [
        Cause(
          "\(field).custom.logical",
          "Logical size \(logical) must be the same or less than the physical size of \(physical)")
      ]
    }
    if disk.bus == "sata", logical != 512 {
      return [
        Cause(
          "\(field).custom.logical", "Logical size \(logical) must be 512 for SATA devices")
      ]
    }
    if granularity.exists, logical != 0, granularity.integer % logical != 0 {
      return [
        Cause(
          "\(field).custom.discardGranularity",
          "Discard granularity \(granularity.integer) must be multiples of logical size"
            + " \(logical)")
      ]
    }
    return [("logical", logical), ("physical", physical)].compactMap { name, size in
      let field = "\(field).custom.\(name)"
      if size < 512 {
        return Cause(
          field, "Provided size of \(size) is less than the supported minimum size of 512")
      }
      if size > 2_097_152 {
        return Cause(
          field, "Provided size of \(size) is greater than the supported maximum size of 2097152")
      }
      if size & (size - 1) != 0 {
        return Cause(field, "Provided size of \(size) is not a power of 2")
      }
      return nil
    }
  }

  /// A path inside a container image (pkg/storage/admitters, ValidatePath).
  func pathCauses(_ text: String, _ field: String) -> [Cause] {
    if text == "/" { return [Cause(field, "\(field) must not point to root")] }
    var parts: [Substring] = []
    for part in text.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    let provided = text.hasSuffix("/") ? String(text.dropLast()) : text
    if "/" + parts.joined(separator: "/") == provided { return [] }
    return [
      Cause(field, "\(field) must be an absolute path to a file without relative components")
    ]
  }
}
