extension Admission {
  /// Boot loader, Secure Boot, persistent variables and direct kernel boot.
  func firmwareCauses() -> [Cause] {
    let firmware = domain["firmware"]
    let bootloader = firmware["bootloader"]
    let field = "\(domainPath).firmware"
    var causes: [Cause] = []
    if bootloader["bios"].exists, bootloader["efi"].exists {
      causes.append(
        Cause(
          "\(field).bootloader",
          "\(field).bootloader has both EFI and BIOS configured,"
            + " but they are mutually exclusive."))
    }
    causes += kernelBootCauses(firmware["kernelBoot"])
    let efi = bootloader["efi"]
    if efi.exists, efi["secureBoot"].boolean != false, !domain["features"]["smm"].isEnabled,
      !domain["launchSecurity"]["tdx"].exists
    {
      causes.append(
        Cause(
          domainPath,
          "\(domainPath) has EFI SecureBoot enabled. \(Self.smmIsOff)",
          place: "\(field).bootloader.efi"))
    }
    // Stricter than upstream, where the gate is generally available and cannot be switched off.
    if efi["persistent"].boolean == true, !cluster.persistentState {
      causes.append(
        Cause(
          "\(field).bootloader.efi.persistent",
          "VMPersistentState feature gate is not enabled: the files set it to false; leave it out"))
    }
    return causes
  }

  /// KubeVirt's words.
  static let smmIsOff = "SecureBoot requires SMM, which is currently disabled."

  /// Whether a preference could have filled in what a cause finds missing: SMM, or an interface's
  /// binding.
  static func isUpToPreference(_ cause: Cause) -> Bool {
    cause.message.hasSuffix(smmIsOff)
      || cause.message.hasSuffix("must have exactly one binding method or binding plugin")
  }

  private func kernelBootCauses(_ kernelBoot: APIValue) -> [Cause] {
    guard kernelBoot.exists else { return [] }
    let field = "\(domainPath).firmware.kernelBoot"
    let container = kernelBoot["container"]
    guard container.exists else {
      if kernelBoot["kernelArgs"].string.isEmpty { return [] }
      return [
        Cause(
          "\(field).kernelArgs", "kernel arguments cannot be provided without an external kernel")
      ]
    }
    var causes: [Cause] = []
    let path = "\(field).container"
    if container["image"].string.isEmpty {
      causes.append(Cause("\(path).image", "\(path) must be defined with an image"))
    }
    let files = ["kernelPath", "initrdPath"].filter { !container[$0].string.isEmpty }
    if files.isEmpty {
      causes.append(
        Cause(
          path,
          "\(path) must be defined with at least one of the following: kernelPath, initrdPath"))
    }
    return causes + files.flatMap { pathCauses(container[$0].string, "\(path).\($0)") }
  }

  /// ACPI tables out of Secrets. Upstream's path lacks the way to the firmware.
  func acpiTableCauses() -> [Cause] {
    let acpi = domain["firmware"]["acpi"]
    guard acpi.exists else { return [] }
    let field = "\(path).acpi"
    let place = "\(domainPath).firmware.acpi"
    let names = ["slicNameRef", "msdmNameRef"].filter { !acpi[$0].string.isEmpty }
    if names.isEmpty {
      return [
        Cause(
          field, "ACPI was set but no SLIC nor MSDM volume reference was set", place: place)
      ]
    }
    return names.compactMap { name in
      let volume = volumes.first { $0["name"].string == acpi[name].string }
      if volume?["secret"].exists == true { return nil }
      return Cause(
        "\(field).\(name)",
        volume == nil
          ? "\(field) does not have a matching Volume."
          : "\(field) refers to Volume of unsupported type.",
        place: "\(place).\(name)")
    }
  }

  /// The machine type against those that the cluster allows.
  func machineTypeCauses() -> [Cause] {
    let type = domain["machine"]["type"].string
    let allowed = machineTypes
    if allowed.contains(where: { matches(type, $0) }) { return [] }
    let field = "\(domainPath).machine.type"
    return [
      Cause(
        field,
        "\(field) is not supported: \(type) (allowed values: [\(allowed.joined(separator: " "))])")
    ]
  }

  /// The processor architecture that the machine asks for, or the cluster's.
  var architecture: String { spec["architecture"].string }

  private var machineTypes: [String] {
    if cluster.machineTypes != ClusterSettings().machineTypes { return cluster.machineTypes }
    switch architecture {
    case "arm64": return ["virt*"]
    case "s390x": return ["s390-ccw-virtio*"]
    default: return cluster.machineTypes
    }
  }

  /// Shell patterns of `*` and `?`, as far as machine types need them.
  private func matches(_ text: String, _ pattern: String) -> Bool {
    func matches(_ text: Substring.UTF8View, _ pattern: Substring.UTF8View) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == 42 {
        return matches(text, pattern.dropFirst())
          || (text.first.map { $0 != 47 } ?? false) && matches(text.dropFirst(), pattern)
      }
      guard let letter = text.first, first == letter || (first == 63 && letter != 47) else {
        return false
      }
      return matches(text.dropFirst(), pattern.dropFirst())
    }
    return matches(text[...].utf8, pattern[...].utf8)
  }
}
