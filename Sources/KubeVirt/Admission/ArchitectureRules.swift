extension Admission {
  /// Hyper-V enlightenments of an instance (pkg/virt-api/webhooks/hyperv.go).
  func hypervCauses() -> [Cause] {
    let features = domain["features"]
    let hyperv = features["hyperv"]
    guard hyperv.exists else { return [] }
    let field = "\(domainPath).features.hyperv"
    var causes: [Cause] = []
    // The defaults switch on what others need unless it is switched off. Upstream repeats the way to
    // it in its path.
    for (name, required) in Defaulting.requirements
    where hyperv[name]["enabled"].boolean == true && hyperv[required]["enabled"].boolean != true {
      let path = "\(field).domain.features.hyperv"
      causes.append(
        Cause(
          "\(path).\(name)",
          "'\(path).\(name)' requires '\(path).\(required)', which was disabled.",
          place: "\(field).\(name)"))
    }
    if !causes.isEmpty, hyperv["evmcs"].isEnabled { causes += nestingCauses() }
    if features["hypervPassthrough"].exists {
      causes.append(
        Cause(
          field,
          "Cannot explicitly set hyperV features if HypervPassthrough is being used. Please use"
            + " either HyperV or HypervPassthrough."))
    }
    return causes
  }

  /// Nested virtualization needs `vmx`, which the defaults add only when all else is well.
  private func nestingCauses() -> [Cause] {
    let features = domain["cpu"]["features"].items
    let field = "spec.domain.cpu.features"
    if features.isEmpty {
      return [Cause(field, "vmx cpu feature is required when evmcs is set")]
    }
    return features.enumerated().compactMap { index, feature in
      guard feature["name"].string == "vmx", feature["policy"].string != "require" else {
        return nil
      }
      return Cause(
        "\(field)[\(index)].policy", "vmx cpu feature has to be set to require policy")
    }
  }

  /// What depends on the processor architecture (pkg/virt-api/webhooks/amd64.go).
  func architectureCauses() -> [Cause] {
    switch architecture {
    case "amd64": break
    case "arm64", "s390x": return []
    default:
      return [
        Cause("\(path).architecture", "unsupported architecture: \(architecture)")
      ]
    }
    var causes: [Cause] = []
    if devices["watchdog"]["diag288"].exists {
      causes.append(
        Cause(
          "\(devicesPath).watchdog", "amd64 only supports I6300ESB watchdog device"))
    }
    let video = devices["video"]
    if video.exists,
      !["vga", "cirrus", "virtio", "ramfb", "bochs"].contains(video["type"].string)
    {
      causes.append(
        Cause(
          "\(devicesPath).video.type",
          "video model '\(video["type"].string)' is not supported on amd64 architecture"))
    }
    return causes
  }

  /// Encrypted machines.
  func launchSecurityCauses() -> [Cause] {
    let security = domain["launchSecurity"]
    guard security.exists else { return [] }
    if architecture == "s390x" { return [] }
    if architecture != "amd64" {
      return [
        Cause(
          "\(path).architecture", "No launchSecurity support for architecture: \(architecture)")
      ]
    }
    let field = "\(path).launchSecurity"
    let place = "\(domainPath).launchSecurity"
    func cause(_ message: String) -> Cause { Cause(field, message, place: place) }
    let types = ["sev", "snp", "tdx"].filter { security[$0].exists }
    guard let type = types.first, types.count == 1 else {
      return [cause("One and only one launchSecurity type can be set")]
    }
    let gate = type == "tdx" ? "WorkloadEncryptionTDX" : "WorkloadEncryptionSEV"
    if !cluster.isOn(gate) {
      return [cause("\(gate) feature gate is not enabled in kubevirt-config")]
    }
    let name = type.uppercased()
    var causes: [Cause] = []
    if type == "tdx", domain["features"]["smm"].isEnabled {
      causes.append(cause("TDX does not work along with SMM"))
    }
    let efi = domain["firmware"]["bootloader"]["efi"]
    if !efi.exists {
      causes.append(cause("\(name) requires OVMF (UEFI)"))
    } else {
      if type != "tdx", efi["secureBoot"].boolean != false {
        causes.append(cause("\(name) does not work along with SecureBoot"))
      }
      if type != "sev", efi["persistent"].boolean == true {
        causes.append(cause("\(name) does not work along with Persistent EFI variables"))
      }
    }
    if security["sev"]["attestation"].exists, spec["startStrategy"].string != "Paused" {
      causes.append(cause("SEV attestation requires VMI StartStrategy 'Paused'"))
    }
    for interface in interfaces where interface["bootOrder"].exists {
      causes.append(
        cause("\(name) does not work with bootable NICs: \(interface["name"].string)"))
    }
    return causes
  }
}
