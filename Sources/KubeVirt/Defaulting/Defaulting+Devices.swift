import Objects

extension Defaulting {
  private var yes: ObjectNode { .boolean(true, because: "default: true") }

  /// A machine without networks gets the pod network; where the cluster does not permit its bridge,
  /// admission refuses the machine (pkg/network/vmispec, SetDefaultNetworkInterface).
  ///
  /// - Returns: the networks, if they are filled in.
  func fillInterface(_ domain: inout ObjectNode, _ spec: ObjectNode) -> ObjectNode? {
    var devices = domain["devices", default: .mapping()]
    guard cluster.permitsBridgeOnPodNetwork, devices.isMapping,
      devices["autoattachPodInterface"]?.scalar?.boolean != false,
      spec["networks"]?.item(0) == nil, devices["interfaces"]?.item(0) == nil
    else { return nil }
    let reason = "default: an interface on the pod network"
    devices["interfaces"] = .sequence([
      .mapping(["name": .text("default"), "bridge": .mapping()], because: reason)
    ])
    domain["devices"] = devices
    return .sequence([
      .mapping(["name": .text("default"), "pod": .mapping()], because: reason)
    ])
  }

  /// A volume that neither a disk nor a file system shows gets a disk (pkg/storage/vmispec,
  /// SetDefaultVolumeDisk).
  func fillDisks(_ domain: inout ObjectNode, _ spec: ObjectNode) {
    guard let volumes = spec["volumes"], volumes.isSequence else { return }
    var devices = domain["devices", default: .mapping()]
    guard devices.isMapping else { return }
    var shown: Set<String> = []
    for list in ["disks", "filesystems"] {
      for item in devices[list]?.items ?? [] { shown.insert(item["name"]?.text ?? "") }
    }
    let added = volumes.items.enumerated().compactMap { index, volume -> ObjectNode? in
      let name = volume["name"]?.text ?? ""
      guard volume.isMapping, !shown.contains(name) else { return nil }
      let place = place(of: "volumes[\(index)]", in: spec) ?? "volumes[\(index)]"
      return .mapping(
        ["name": .text(name)], because: "\(place): a volume without a disk gets one")
    }
    guard !added.isEmpty else { return }
    var disks = devices["disks", default: .sequence([])]
    disks.append(contentsOf: added)
    devices["disks"] = disks
    domain["devices"] = devices
  }

  /// Disks, inputs and the watchdog of an instance (api/core/v1/defaults.go, pkg/defaults/amd64.go).
  func fillDevices(_ domain: inout ObjectNode) {
    guard var devices = domain["devices"], devices.isMapping else { return }
    var isChanged = false
    if var disks = devices["disks"], disks.isSequence {
      disks.editItems { _, disk in fillDisk(&disk) }
      devices["disks"] = disks
      isChanged = true
    }
    if var inputs = devices["inputs"], inputs.isSequence {
      inputs.editItems { _, input in
        let bus = fill("bus", .text("usb", because: "default: usb"), in: &input)
        return fill("type", .text("tablet", because: "default: tablet"), in: &input) || bus
      }
      devices["inputs"] = inputs
      isChanged = true
    }
    if var watchdog = devices["watchdog"], watchdog.isMapping {
      var device = watchdog["i6300esb", default: .mapping()]
      fill("action", .text("reset", because: "default: reset"), in: &device)
      watchdog["i6300esb"] = device
      devices["watchdog"] = watchdog
      isChanged = true
    }
    if isChanged { domain["devices"] = devices }
  }

  /// What the guest sees of a disk: a hard disk, on SATA; a CD-ROM is read-only and its tray closed.
  private func fillDisk(_ disk: inout ObjectNode) -> Bool {
    guard disk.isMapping else { return false }
    var targets = ["disk", "cdrom", "lun"].filter { disk[$0].map { !$0.isNull } ?? false }
    if targets.isEmpty { targets = ["disk"] }
    var isChanged = false
    for name in targets {
      var target = disk[name, default: .mapping()]
      var isFilled = fill("bus", .text("sata", because: "default: sata"), in: &target)
      if name == "cdrom" {
        let readOnly = ObjectNode.boolean(true, because: "default: a CD-ROM")
        isFilled = fill("readonly", readOnly, in: &target) || isFilled
        let tray = ObjectNode.text("closed", because: "default: closed")
        isFilled = fill("tray", tray, in: &target) || isFilled
      }
      if isFilled { disk[name] = target }
      isChanged = isChanged || isFilled
    }
    return isChanged
  }

  /// Timers that are named are there.
  func fillTimers(_ domain: inout ObjectNode) {
    guard var clock = domain["clock"], var timers = clock["timer"], timers.isMapping else { return }
    for name in ["hpet", "kvm", "pit", "rtc", "hyperv"] {
      guard var timer = timers[name], !timer.isNull else { continue }
      if fill("present", yes, in: &timer) { timers[name] = timer }
    }
    clock["timer"] = timers
    domain["clock"] = clock
  }

  /// Features that are named are on, and so is what they need.
  func fillFeatures(_ domain: inout ObjectNode) {
    guard var features = domain["features"], features.isMapping else { return }
    for name in ["acpi", "apic", "smm", "pvspinlock"] { switchOn(name, in: &features) }
    if var hyperv = features["hyperv"], hyperv.isMapping {
      for name in Self.enlightenments { switchOn(name, in: &hyperv) }
      for (name, part) in [
        ("synictimer", "direct"), ("tlbflush", "direct"), ("tlbflush", "extended"),
      ] {
        guard var feature = hyperv[name], feature.isMapping else { continue }
        switchOn(part, in: &feature)
        hyperv[name] = feature
      }
      if var spinlocks = hyperv["spinlocks"], spinlocks["enabled"]?.scalar?.boolean == true {
        fill("spinlocks", .integer(4096, because: "default: 4096"), in: &spinlocks)
        hyperv["spinlocks"] = spinlocks
      }
      let isComplete = fillRequirements(&hyperv)
      features["hyperv"] = hyperv
      domain["features"] = features
      if isComplete, hyperv["evmcs"]?["enabled"]?.scalar?.boolean == true {
        requireNesting(&domain)
      }
    } else {
      domain["features"] = features
    }
  }

  private func switchOn(_ name: String, in mapping: inout ObjectNode) {
    guard var feature = mapping[name], feature.isMapping else { return }
    if fill("enabled", yes, in: &feature) { mapping[name] = feature }
  }
}
