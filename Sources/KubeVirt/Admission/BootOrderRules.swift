extension Admission {
  /// The one boot order over disks and interfaces, and which volume a disk may show.
  func bootOrderCauses() -> [Cause] {
    var causes: [Cause] = []
    var taken: Set<Int> = []
    let volumesByName = volumesByName
    for (index, disk) in disks.enumerated() {
      causes += volumeCauses(of: disk, volumesByName[disk.name], diskPath(index))
      guard disk.value["bootOrder"].exists else { continue }
      if !taken.insert(disk.value["bootOrder"].integer).inserted {
        causes.append(clash("\(diskPath(index)).bootOrder"))
      }
    }
    for (index, interface) in interfaces.enumerated() where interface["bootOrder"].exists {
      let order = interface["bootOrder"].integer
      if order < 1 {
        // Upstream leaves the way to the interfaces out of the path.
        causes.append(
          Cause(
            "\(path)[\(index)].bootOrder",
            "\(path)[\(index)] must have a boot order > 0, if supplied",
            place: "\(interfacePath(index)).bootOrder"))
      } else if !taken.insert(order).inserted {
        causes.append(clash("\(interfacePath(index)).bootOrder"))
      }
    }
    return causes
  }

  private func clash(_ field: String) -> Cause {
    Cause(field, "Boot order for \(field) already set for a different device.")
  }

  private func volumeCauses(
    of disk: AdmittedDisk, _ volume: APIValue?, _ path: String
  ) -> [Cause] {
    guard let volume else {
      if !disk.value["cdrom"].exists {
        return [Cause("\(path).name", "\(path).Name '\(disk.name)' not found.")]
      }
      let gate = "DeclarativeHotplugVolumes"
      if cluster.isOn(gate) { return [] }
      return [
        Cause(
          "\(path).name", "\(gate) feature gate not enabled, cannot define an empty CD-ROM disk")
      ]
    }
    if disk.value["lun"].exists, !volume["persistentVolumeClaim"].exists,
      !volume["dataVolume"].exists
    {
      return [
        Cause(
          "\(path).lun",
          "\(path).lun can only be mapped to a DataVolume or PersistentVolumeClaim volume.")
      ]
    }
    guard volume["downwardMetrics"].exists else { return [] }
    if disk.target != "disk" {
      return [
        Cause(
          "\(path).disk",
          "DownwardMetrics volume must be mapped to a disk, but disk is not set on \(path).disk.")
      ]
    }
    if disk.bus != "virtio", !disk.bus.isEmpty {
      return [
        Cause(
          "\(path).disk.bus",
          "DownwardMetrics volume must be mapped to virtio bus, but \(path).disk.bus is set to"
            + " \(disk.bus)")
      ]
    }
    return []
  }
}
