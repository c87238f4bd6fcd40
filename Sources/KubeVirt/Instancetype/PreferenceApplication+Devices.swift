import Objects

extension PreferenceApplication {
  /// Fills the devices (device.go, disk.go, interface.go).
  func fillDevices(_ spec: inout ObjectNode) {
    guard let preferred = preference["devices"], preferred.isMapping else { return }
    let networks = APIValue(spec)["networks"].items
    var devices = spec["domain", "devices"] ?? .mapping()
    guard devices.isMapping || devices.isNull else { return }
    for (key, field) in Self.switches { devices.fill([field], with: preferred[key]) }
    if let isDisabled = preferred["preferredDisableHotplug"], !isDisabled.isNull {
      devices["disableHotplug"] = isDisabled
    }
    if devices["sound"]?.isMapping == true {
      devices.fill(["sound", "model"], with: text(preferred["preferredSoundModel"]))
    }
    for (key, field) in [("preferredRng", "rng"), ("preferredTPM", "tpm")] {
      devices.fill([field], with: preferred[key])
    }
    devices.fill(["video", "type"], with: preferred["preferredVideoType"])
    edit("disks", in: &devices) { fill(disk: &$0, preferred) }
    edit("interfaces", in: &devices) { fill(interface: &$0, preferred, networks) }
    edit("inputs", in: &devices) { input in
      input.fill(["bus"], with: text(preferred["preferredInputBus"]))
      input.fill(["type"], with: text(preferred["preferredInputType"]))
    }
    fillPanicDevices(&devices, preferred["preferredPanicDeviceModel"])
    if spec["domain", "devices"] != nil || !devices.entries.isEmpty {
      spec["domain", "devices"] = devices
    }
  }

  private static let switches = [
    ("preferredUseVirtioTransitional", "useVirtioTransitional"),
    ("preferredBlockMultiQueue", "blockMultiQueue"),
    ("preferredNetworkInterfaceMultiQueue", "networkInterfaceMultiqueue"),
    ("preferredAutoattachGraphicsDevice", "autoattachGraphicsDevice"),
    ("preferredAutoattachMemBalloon", "autoattachMemBalloon"),
    ("preferredAutoattachPodInterface", "autoattachPodInterface"),
    ("preferredAutoattachSerialConsole", "autoattachSerialConsole"),
    ("preferredAutoattachInputDevice", "autoattachInputDevice"),
  ]

  private func text(_ node: ObjectNode?) -> ObjectNode? { node?.text == "" ? nil : node }

  private func edit(
    _ list: String, in devices: inout ObjectNode, _ change: (inout ObjectNode) -> Void
  ) {
    guard var items = devices[list], items.isSequence else { return }
    items.editItems { _, item in
      guard item.isMapping else { return false }
      change(&item)
      return true
    }
    devices[list] = items
  }

  private func fill(disk: inout ObjectNode, _ preferred: ObjectNode) {
    func has(_ target: String) -> Bool { APIValue(disk)[target].exists }
    if !has("cdrom"), !has("lun") { disk.fill(["disk"], with: .mapping()) }
    if has("disk") {
      disk.fill(["disk", "bus"], with: text(preferred["preferredDiskBus"]))
      disk.fill(["blockSize"], with: preferred["preferredDiskBlockSize"])
      disk.fill(["cache"], with: text(preferred["preferredDiskCache"]))
      disk.fill(["io"], with: text(preferred["preferredDiskIO"]))
      if disk["disk", "bus"]?.text == "virtio" {
        disk.fill(["dedicatedIOThread"], with: preferred["preferredDiskDedicatedIoThread"])
      }
    } else if has("cdrom") {
      disk.fill(["cdrom", "bus"], with: text(preferred["preferredCdromBus"]))
    } else if has("lun") {
      disk.fill(["lun", "bus"], with: text(preferred["preferredLunBus"]))
    }
  }

  private func fill(
    interface: inout ObjectNode, _ preferred: ObjectNode, _ networks: [APIValue]
  ) {
    interface.fill(["model"], with: text(preferred["preferredInterfaceModel"]))
    let value = APIValue(interface)
    let isBound = (KnownFields.bindings + ["binding"]).contains { value[$0].exists }
    let network = networks.first { $0["name"].string == value["name"].string }
    if !isBound, network?["pod"].exists == true {
      interface.fill(["masquerade"], with: preferred["preferredInterfaceMasquerade"])
    }
  }

  private func fillPanicDevices(_ devices: inout ObjectNode, _ model: ObjectNode?) {
    guard let model, !model.isNull else { return }
    if devices["panicDevices"]?.items.isEmpty ?? true {
      devices["panicDevices"] = .sequence([.mapping(["model": model])])
    } else {
      edit("panicDevices", in: &devices) { $0.fill(["model"], with: model) }
    }
  }
}
