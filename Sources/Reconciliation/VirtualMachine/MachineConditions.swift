import Objects

/// Why no instance was made.
struct StartRefusal: Hashable {
  /// What the condition says.
  var message: String
  /// Its reason.
  var reason: String

  init(_ message: String, reason: String = "FailedCreate") {
    self.message = message
    self.reason = reason
  }
}

/// A machine's conditions: its instance's, and three of its own (KubeVirt, syncConditions).
enum MachineConditions {
  private static let own: Set = ["Ready", "Failure", "RestartRequired"]

  /// Takes over what the instance says.
  ///
  /// - Parameter failure: why no instance was made; `nil` for no failure.
  static func copy(
    from instance: ObjectNode?, failure: StartRefusal?, to machine: inout ObjectNode,
    at now: Timestamp
  ) {
    if let failure {
      machine.setCondition(
        Condition(
          type: "Failure", status: "True", reason: failure.reason, message: failure.message,
          since: now))
    } else {
      machine.removeCondition("Failure")
    }
    guard let instance else {
      machine.setCondition(
        Condition(
          type: "Ready", status: "False", reason: "VMINotExists", message: "VMI does not exist",
          since: now, hasProbeTime: true))
      return
    }
    if let ready = instance.condition("Ready") {
      machine.setCondition(ready)
    } else {
      machine.setCondition(
        Condition(
          type: "Ready", status: "False", reason: "VMIConditionMissing",
          message: "VMI is missing the Ready condition", since: now, hasProbeTime: true))
    }
    let copied = (instance["status", "conditions"]?.items ?? []).filter {
      !own.contains($0["type"]?.string ?? "")
    }
    for condition in copied { machine.setCondition(condition) }
    let types = own.union(copied.compactMap { $0["type"]?.string })
    machine.removeConditions { !types.contains($0) }
  }

  /// Says that a running instance is not what the template has by now. A cluster takes some changes
  /// over to a running machine; a lab takes none, so each one asks for a restart, as a cluster with
  /// `vmRolloutStrategy: Stage` has it.
  static func setRestartRequired(
    _ isRequired: Bool, on machine: inout ObjectNode, at now: Timestamp
  ) {
    guard isRequired else { return machine.removeCondition("RestartRequired") }
    machine.setCondition(
      Condition(
        type: "RestartRequired", status: "True",
        message: "a non-live-updatable field was changed in the template spec", since: now))
  }
}
