extension Admission {
  /// Devices that are neither disks nor interfaces, and what asks for a feature gate.
  func deviceCauses() -> [Cause] {
    var causes = inputCauses() + threadCauses() + filesystemCauses() + evictionCauses()
    let framebuffers = devices["gpus"].items.count { gpu in
      let display = gpu["virtualGPUOptions"]["display"]
      return display.isEnabled && display["ramFB"]["enabled"].boolean != false
    }
    if framebuffers > 1 {
      causes.append(
        Cause(
          "\(path).GPUs", "configuring multiple displays with ramfb is not valid ",
          place: "\(devicesPath).gpus"))
    }
    if !devices["hostDevices"].items.isEmpty, !cluster.isOn("HostDevices") {
      causes.append(
        Cause(
          "\(path).HostDevices", "Host Devices feature gate is not enabled in kubevirt-config",
          place: "\(devicesPath).hostDevices"))
    }
    causes += soundCauses()
    if devices["autoattachVSOCK"].boolean == true, !cluster.isOn("VSOCK") {
      causes.append(
        Cause(
          "\(devicesPath).autoattachVSOCK",
          "VSOCK feature gate is not enabled in kubevirt-config"))
    }
    if devices["downwardMetrics"].exists, !cluster.isOn("DownwardMetrics") {
      causes.append(
        Cause(
          "\(devicesPath).downwardMetrics",
          "downwardMetrics virtio serial is not allowed: DownwardMetrics feature gate is not"
            + " enabled"))
    }
    if devices["video"].exists, devices["autoattachGraphicsDevice"].boolean == false {
      causes.append(
        Cause(
          "\(path).video",
          "Video configuration is not allowed when autoattachGraphicsDevice is set to false",
          place: "\(devicesPath).video"))
    }
    causes += panicCauses()
    if domain["rebootPolicy"].exists, !cluster.isOn("RebootPolicy") {
      causes.append(
        Cause(
          "\(domainPath).rebootPolicy",
          "RebootPolicy is specified but the RebootPolicy feature gate is not enabled"))
    }
    let isReserved = disks.contains { $0.value["lun"]["reservation"].boolean == true }
    if isReserved, !cluster.featureGates.contains("PersistentReservation") {
      causes.append(
        Cause(
          "\(devicesPath).disks.luns.reservation",
          "persistent reservation is not enabled in kubevirt config",
          place: "\(devicesPath).disks"))
    }
    return causes + serviceAccountCauses()
  }

  private func inputCauses() -> [Cause] {
    devices["inputs"].items.enumerated().flatMap { index, input -> [Cause] in
      let field = "\(devicesPath).inputs[\(index)]"
      let isTablet = input["type"].string == "tablet"
      var causes: [Cause] = []
      if !["", "virtio", "usb"].contains(input["bus"].string) {
        causes.append(
          Cause("\(field).bus", "Input device can have only virtio or usb bus."))
      }
      if !isTablet {
        causes.append(Cause("\(field).type", "Input device can have only tablet type."))
      }
      return causes
    }
  }

  private func threadCauses() -> [Cause] {
    let policy = domain["ioThreadsPolicy"]
    guard policy.exists else { return [] }
    if !["shared", "auto", "supplementalPool"].contains(policy.string) {
      return [
        Cause("\(domainPath).ioThreadsPolicy", "Invalid IOThreadsPolicy (\(policy.string))")
      ]
    }
    if policy.string == "supplementalPool",
      domain["ioThreads"]["supplementalPoolThreadCount"].integer < 1
    {
      return [
        Cause(
          "\(domainPath).ioThreads.count",
          "the number of iothreads needs to be set and positive for the dedicated policy",
          place: "\(domainPath).ioThreads")
      ]
    }
    return []
  }

  private func filesystemCauses() -> [Cause] {
    let filesystems = devices["filesystems"].items
    if filesystems.isEmpty || cluster.isOn("EnableVirtioFsStorageVolumes") { return [] }
    let volumesByName = volumesByName
    let isStorage = filesystems.contains { filesystem in
      let volume = volumesByName[filesystem["name"].string]
      return volume?["persistentVolumeClaim"].exists == true
        || volume?["dataVolume"].exists == true
    }
    guard isStorage else { return [] }
    return [
      Cause(
        "\(devicesPath).filesystems",
        "virtiofs is not allowed: virtiofs feature gate is not enabled for PVC")
    ]
  }

  private func evictionCauses() -> [Cause] {
    let strategy = spec["evictionStrategy"]
    let known = ["LiveMigrate", "LiveMigrateIfPossible", "None", "External"]
    guard strategy.exists, !known.contains(strategy.string) else { return [] }
    let field = "\(path).evictionStrategy"
    return [
      Cause(field, "\(field) is set with an unrecognized option: \(strategy.string)")
    ]
  }

  private func soundCauses() -> [Cause] {
    let sound = devices["sound"]
    guard sound.exists else { return [] }
    var causes: [Cause] = []
    let place = "\(devicesPath).sound"
    if !["", "ich9", "ac97"].contains(sound["model"].string) {
      causes.append(
        Cause(
          "\(path).Sound", "Sound device type is not supported. Options: 'ich9' or 'ac97'",
          place: place))
    }
    if sound["name"].string.isEmpty {
      causes.append(
        Cause("\(path).Sound", "Sound device requires a name field.", place: place))
    }
    return causes
  }

  private func panicCauses() -> [Cause] {
    let items = devices["panicDevices"].items
    guard !items.isEmpty else { return [] }
    var causes: [Cause] = []
    if architecture == "s390x" {
      causes.append(
        Cause(
          "\(devicesPath).panicDevices",
          "custom panic devices are not supported on s390x architecture"))
    }
    for (index, item) in items.enumerated() where item["model"].exists {
      let model = item["model"].string
      if ["hyperv", "isa", "pvpanic"].contains(model) { continue }
      causes.append(
        Cause(
          "\(devicesPath).panicDevices[\(index)].model", "invalid PanicDeviceModel(\(model))"))
    }
    return causes
  }

  private func serviceAccountCauses() -> [Cause] {
    let name = spec["serviceAccountName"].string
    if name.isEmpty { return [] }
    var causes: [Cause] = []
    let field = "\(path).serviceAccountName"
    let objections = subdomainObjections(name)
    if !objections.isEmpty {
      causes.append(
        Cause(
          field,
          "\(field) is not a valid service account name: \(objections.joined(separator: "; "))"))
    }
    let other = volumes.map { $0["serviceAccount"] }.first {
      $0.exists && $0["serviceAccountName"].string != name
    }
    if let other {
      causes.append(
        Cause(
          field,
          "spec.serviceAccountName \(goQuoted(name)) and serviceAccount volume"
            + " \(goQuoted(other["serviceAccountName"].string)) must reference the same service"
            + " account"))
    }
    return causes
  }
}
