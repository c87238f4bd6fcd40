import Objects

extension Admission {
  /// `running` and `runStrategy` of a VirtualMachine.
  func runStrategyCauses() -> [Cause] {
    let outer = root["spec"]
    var causes: [Cause] = []
    let strategy = outer["runStrategy"]
    if outer["running"].exists, strategy.exists {
      causes.append(
        Cause(
          "\(outerPath).running",
          "Running and RunStrategy are mutually exclusive. Note that Running is deprecated,"
            + " please use RunStrategy instead"))
    }
    if !outer["running"].exists, !strategy.exists {
      causes.append(
        Cause("\(outerPath).running", "RunStrategy must be specified", place: outerPath))
    }
    guard strategy.exists else { return causes }
    switch strategy.string {
    case "WaitAsReceiver":
      let gate = "DecentralizedLiveMigration"
      if !cluster.isOn(gate) {
        causes.append(
          Cause(
            "\(outerPath).runStrategy",
            "Invalid RunStrategy (WaitAsReceiver), \(gate) feature gate is not enabled in kubevirt"
              + " resource"))
      }
    case "Halted", "Manual", "Always", "RerunOnFailure", "Once": break
    default:
      causes.append(
        Cause("\(outerPath).runStrategy", "Invalid RunStrategy (\(strategy.string))"))
    }
    return causes
  }

  /// The webhook's warning of the deprecated `running`.
  func runningCauses() -> [Cause] {
    guard root["spec"]["running"].exists else { return [] }
    return [
      Cause(
        "\(outerPath).running", "spec.running is deprecated, please use spec.runStrategy instead.",
        severity: .warning)
    ]
  }

  /// Gates of what no longer exists, used by the machine.
  func gateCauses() -> [Cause] {
    [("Passt", "passt"), ("Macvtap", "macvtap")].compactMap { gate, binding in
      guard cluster.featureGates.contains(gate),
        let index = interfaces.firstIndex(where: { $0[binding].exists })
      else { return nil }
      return Cause(
        "",
        "\(gate) network binding is discontinued since v1.3. Please refer to Kubevirt user guide"
          + " for alternatives.",
        place: "\(interfacePath(index)).\(binding)")
    }
  }

  /// The references to an instance type and a preference (pkg/instancetype/webhooks/vm).
  func matcherCauses() -> [Cause] {
    // The preference is looked at when there is nothing against the instance type.
    let causes = matcherCauses("instancetype", "InstancetypeMatcher")
    return causes.isEmpty ? matcherCauses("preference", "PreferenceMatcher") : causes
  }

  private func matcherCauses(_ name: String, _ type: String) -> [Cause] {
    let matcher = root["spec"][name]
    guard matcher.exists else { return [] }
    let field = "\(outerPath).\(name)"
    var causes: [Cause] = []
    let isInferred = !matcher["inferFromVolume"].string.isEmpty
    if matcher["name"].string.isEmpty, !isInferred {
      causes.append(
        Cause(
          field, "Either Name or InferFromVolume should be provided within the \(type)"))
    }
    if isInferred {
      for (key, label) in [("name", "Name"), ("kind", "Kind")]
      where !matcher[key].string.isEmpty {
        causes.append(
          Cause(
            "\(field).\(key)",
            "\(label) already set, should be cleared before setting inferFromVolume"))
      }
    }
    let policy = matcher["inferFromVolumeFailurePolicy"]
    if policy.exists, !["Ignore", "Reject"].contains(policy.string) {
      causes.append(
        Cause(
          "\(field).inferFromVolumeFailurePolicy",
          "Invalid value '\(policy.string)' for InferFromVolumeFailurePolicy"))
    }
    return causes
  }

  /// What a volume does not say of an instance type, where that is plain from the manifest.
  func inferenceCauses() -> [Cause] {
    for name in ["instancetype", "preference"] {
      let matcher = root["spec"][name]
      let volumeName = matcher["inferFromVolume"].string
      if volumeName.isEmpty { continue }
      let place = "\(outerPath).\(name).inferFromVolume"
      guard let volume = volumes.first(where: { $0["name"].string == volumeName }) else {
        return [
          Cause(
            "", "unable to find volume \(volumeName) to infer defaults", place: place)
        ]
      }
      if !volume["persistentVolumeClaim"].exists, !volume["dataVolume"].exists,
        matcher["inferFromVolumeFailurePolicy"].string != "Ignore"
      {
        return [
          Cause(
            "", "unable to infer defaults from volume \(volumeName) as type is not supported",
            place: place)
        ]
      }
    }
    return []
  }
}
