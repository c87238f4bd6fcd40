import Objects

/// What a preference fills into an instance's spec where the manifest says nothing (KubeVirt,
/// pkg/instancetype/preference/apply).
struct PreferenceApplication {
  /// The preference's spec.
  let preference: ObjectNode

  /// Fills the spec in the order of upstream.
  func fill(_ spec: inout ObjectNode) {
    fillCPUFeatures(&spec)
    fillDevices(&spec)
    fillFeatures(&spec)
    fillFirmware(&spec)
    spec.fill(
      ["domain", "machine", "type"], with: text("machine", "preferredMachineType"))
    fillClock(&spec)
    spec.fill(["subdomain"], with: text("preferredSubdomain"))
    spec.fill(
      ["terminationGracePeriodSeconds"], with: preference["preferredTerminationGracePeriodSeconds"])
    spec.fill(["architecture"], with: text("preferredArchitecture"))
    spec.fill(["domain", "launchSecurity"], with: preference["preferredLaunchSecurity"])
  }

  private func text(_ path: String...) -> ObjectNode? {
    let node = path.reduce(Optional(preference)) { node, key in node?[key] }
    return node?.text == "" ? nil : node
  }

  private func fillCPUFeatures(_ spec: inout ObjectNode) {
    let preferred = preference["cpu", "preferredCPUFeatures"]?.items ?? []
    var features = spec["domain", "cpu", "features"] ?? .sequence([])
    guard !preferred.isEmpty, features.isSequence || features.isNull else { return }
    let names = Set(features.items.map { $0["name"]?.text })
    features.append(contentsOf: preferred.filter { !names.contains($0["name"]?.text) })
    spec["domain", "cpu", "features"] = features
  }

  private func fillFeatures(_ spec: inout ObjectNode) {
    guard let preferred = preference["features"], preferred.isMapping else { return }
    // Upstream overwrites ACPI, and only that.
    if let acpi = preferred["preferredAcpi"], !acpi.isNull {
      spec["domain", "features", "acpi"] = acpi
    }
    for (key, field) in [
      ("preferredApic", "apic"), ("preferredKvm", "kvm"), ("preferredPvspinlock", "pvspinlock"),
      ("preferredSmm", "smm"),
    ] {
      spec.fill(["domain", "features", field], with: preferred[key])
    }
    if preferred["preferredHyperv"]?.isMapping == true {
      spec.fill(["domain", "features", "hyperv"], with: .mapping())
    }
    for entry in preferred["preferredHyperv"]?.entries ?? [] {
      spec.fill(["domain", "features", "hyperv", entry.key], with: entry.value)
    }
  }

  private func fillFirmware(_ spec: inout ObjectNode) {
    guard let preferred = preference["firmware"], preferred.isMapping else { return }
    let loader = ["domain", "firmware", "bootloader"]
    spec.fill(loader, with: .mapping())
    func has(_ kind: String) -> Bool {
      APIValue(spec)["domain"]["firmware"]["bootloader"][kind].exists
    }
    func isOn(_ key: String) -> Bool { preferred[key]?.boolean == true }
    if isOn("preferredUseBios"), !has("bios"), !has("efi") {
      spec.fill(loader + ["bios"], with: .mapping(because: "the preference's preferredUseBios"))
    }
    if has("bios") {
      spec.fill(loader + ["bios", "useSerial"], with: preferred["preferredUseBiosSerial"])
    }
    if let efi = preferred["preferredEfi"], !efi.isNull, !has("bios"), !has("efi") {
      spec.fill(loader + ["efi"], with: efi)
      return
    }
    if isOn("preferredUseEfi"), !has("bios"), !has("efi") {
      spec.fill(loader + ["efi"], with: .mapping(because: "the preference's preferredUseEfi"))
    }
    if has("efi") {
      spec.fill(loader + ["efi", "secureBoot"], with: preferred["preferredUseSecureBoot"])
    }
  }

  private func fillClock(_ spec: inout ObjectNode) {
    guard let preferred = preference["clock"], preferred.isMapping else { return }
    spec.fill(["domain", "clock"], with: .mapping())
    let clock = APIValue(spec)["domain"]["clock"]
    if !clock["utc"].exists, !clock["timezone"].exists {
      for entry in preferred["preferredClockOffset"]?.entries ?? [] {
        spec.fill(["domain", "clock", entry.key], with: entry.value)
      }
    }
    spec.fill(["domain", "clock", "timer"], with: preferred["preferredTimer"])
  }
}
