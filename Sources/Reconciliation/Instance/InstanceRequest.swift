import Objects

/// What people ask of an instance by its subresources, and when they do not get it (KubeVirt,
/// pkg/virt-api/rest/lifecycle.go, subresource.go, console.go, vnc.go, portforward.go).
package enum InstanceRequest: String, CaseIterable, Sendable {
  case pause, unpause, softreboot, reset
  case guestosinfo, userlist, filesystemlist
  case screenshot = "vnc/screenshot"
  case console, vnc, portforward

  /// Whether it asks for something to be done, by PUT; else for something to be told.
  package var isOrder: Bool {
    switch self {
    case .pause, .unpause, .softreboot, .reset: true
    case .guestosinfo, .userlist, .filesystemlist, .screenshot, .console, .vnc, .portforward:
      false
    }
  }

  /// Refuses what an instance cannot be asked for as it is.
  ///
  /// - Throws: `StatusError` in KubeVirt's words.
  package func check(_ instance: ObjectNode) throws(StatusError) {
    let phase = instance.phase
    let isRunning = phase == .running
    switch self {
    case .pause:
      guard isRunning else { throw .conflict(instance, "VM is not running") }
      guard instance["spec", "livenessProbe"] == nil else {
        throw .forbidden(
          instance, "Pausing VMIs with LivenessProbe is currently not supported")
      }
      guard !instance.isPaused else { throw .conflict(instance, "VMI is already paused") }
    case .unpause:
      guard isRunning else { throw .conflict(instance, "VMI is not running") }
      guard instance.isPaused else { throw .conflict(instance, "VMI is not paused") }
    case .softreboot:
      guard isRunning else { throw .conflict(instance, "VM is not running") }
      guard !instance.isPaused else { throw .conflict(instance, "VMI is paused") }
      if instance["spec", "domain", "features", "acpi", "enabled"]?.boolean == false {
        throw .conflict(
          instance, "VMI neither have the agent connected nor the ACPI feature enabled")
      }
    case .reset:
      guard isRunning || phase == .scheduled else {
        throw StatusError(
          400, "BadRequest",
          "Unable to connect to VirtualMachineInstance because phase is \(phase.rawValue) instead "
            + "of Running or Scheduled")
      }
    case .guestosinfo, .userlist, .filesystemlist:
      guard isRunning else { throw .conflict(instance, "VMI is not running") }
      guard instance.hasCondition("AgentConnected") else {
        throw .conflict(instance, "VMI does not have guest agent connected")
      }
    case .console:
      if instance["spec", "domain", "devices", "autoattachSerialConsole"]?.boolean == false {
        throw StatusError(400, "BadRequest", "No serial consoles are present.")
      }
      guard phase != .failed else { throw .conflict(instance, "VMI is in failed status") }
      // At this virtctl asks again each second.
      guard isRunning else { throw StatusError(400, "BadRequest", "VMI is not running") }
    case .vnc, .screenshot:
      if instance["spec", "domain", "devices", "autoattachGraphicsDevice"]?.boolean == false {
        throw StatusError(400, "BadRequest", "No graphics devices are present.")
      }
      guard isRunning else { throw StatusError(400, "BadRequest", "VMI is not running") }
    case .portforward:
      guard !instance.isPaused else { throw .conflict(instance, "VMI is paused") }
    }
  }

  /// Refuses what is asked of a VirtualMachine's instance where there is none.
  ///
  /// - Parameter machine: the VirtualMachine, if there is one of the name.
  /// - Throws: `StatusError` in KubeVirt's words.
  package static func checkHasInstance(
    _ machine: ObjectNode?, name: String
  ) throws(StatusError) {
    let details = StatusError.Details(name: name, group: "kubevirt.io", kind: "virtualmachine")
    guard let machine else {
      throw StatusError(
        404, "NotFound", "virtualmachine.kubevirt.io \"\(name)\" not found", details)
    }
    guard machine["status", "created"]?.boolean == true else {
      throw StatusError(
        409, "Conflict",
        "Operation cannot be fulfilled on virtualmachine.kubevirt.io \"\(name)\": VMI is not started",
        details)
    }
  }
}

extension ObjectNode {
  /// Whether an instance has a condition, whatever its status.
  fileprivate func hasCondition(_ type: String) -> Bool {
    self["status", "conditions"]?.items.contains { $0["type"]?.string == type } ?? false
  }

  fileprivate var isPaused: Bool { hasCondition("Paused") }
}

extension StatusError {
  /// 404 for an instance, as virt-api says it: by the singular.
  package static func noInstance(_ name: String) -> StatusError {
    StatusError(
      404, "NotFound", "virtualmachineinstance.kubevirt.io \"\(name)\" not found",
      details(name))
  }

  fileprivate static func conflict(_ instance: ObjectNode, _ reason: String) -> StatusError {
    StatusError(
      409, "Conflict",
      "Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io \"\(instance.name)\": "
        + reason, details(instance.name))
  }

  fileprivate static func forbidden(_ instance: ObjectNode, _ reason: String) -> StatusError {
    StatusError(
      403, "Forbidden",
      "virtualmachineinstance.kubevirt.io \"\(instance.name)\" is forbidden: \(reason)",
      details(instance.name))
  }

  private static func details(_ name: String) -> Details {
    Details(name: name, group: "kubevirt.io", kind: "virtualmachineinstance")
  }
}
