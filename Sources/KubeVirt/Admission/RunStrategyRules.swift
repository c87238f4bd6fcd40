extension Machine {
  /// `running` and `runStrategy` of a VirtualMachine.
  func runStrategyCauses() -> [Cause] {
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
      return [Cause("spec.runStrategy", "RunStrategy must be specified", place: "spec")]
    case (.some, nil):
      return [
        Cause(
          "spec.running", "spec.running is deprecated, please use spec.runStrategy instead.",
          severity: .warning)
      ]
    case (nil, let strategy?):
      let known = ["Halted", "Manual", "Always", "RerunOnFailure", "Once", "WaitAsReceiver"]
      if known.contains(strategy) { return [] }
      return [Cause("spec.runStrategy", "Invalid RunStrategy (\(strategy))")]
    }
  }
}
