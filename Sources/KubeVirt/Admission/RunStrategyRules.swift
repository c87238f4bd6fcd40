extension Machine {
  /// `running` and `runStrategy` of a VirtualMachine.
  func runStrategyCauses(_ cluster: ClusterSettings) -> [Cause] {
    guard kind == .virtualMachine else { return [] }
    switch (running, runStrategy) {
    case (.some, .some):
      return [
        Cause(
          "spec.running",
          "Running and RunStrategy are mutually exclusive. Note that Running is deprecated,"
            + " please use RunStrategy instead")
      ]
    case (nil, nil):
      return [Cause("spec.running", "RunStrategy must be specified", place: "spec")]
    case (.some, nil):
      return [
        Cause(
          "spec.running", "spec.running is deprecated, please use spec.runStrategy instead.",
          severity: .warning)
      ]
    case (nil, "WaitAsReceiver"?):
      let gate = "DecentralizedLiveMigration"
      if cluster.featureGates.contains(gate) { return [] }
      return [
        Cause(
          "spec.runStrategy",
          "Invalid RunStrategy (WaitAsReceiver), \(gate) feature gate is not enabled in kubevirt"
            + " resource")
      ]
    case (nil, let strategy?):
      let known = ["Halted", "Manual", "Always", "RerunOnFailure", "Once"]
      if known.contains(strategy) { return [] }
      return [Cause("spec.runStrategy", "Invalid RunStrategy (\(strategy))")]
    }
  }
}
