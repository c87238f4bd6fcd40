import Objects
import Testing

@testable import Reconciliation

/// What KubeVirt's API refuses of an instance.
@Suite struct InstanceRequestTests {
  private static let conflict =
    "Operation cannot be fulfilled on virtualmachineinstance.kubevirt.io \"pxe\": "

  private func instance(
    _ phase: InstancePhase, isPaused: Bool = false, spec: ObjectNode = [:]
  ) -> ObjectNode {
    [
      "metadata": ["name": "pxe"], "spec": spec,
      "status": [
        "phase": .text(phase.rawValue),
        "conditions": isPaused
          ? [["type": "Ready", "status": "True"], ["type": "Paused", "status": "True"]]
          : [["type": "Ready", "status": "True"]],
      ],
    ]
  }

  @Test(
    arguments: [
      (.pause, .scheduling, false, 409, conflict + "VM is not running"),
      (.pause, .running, true, 409, conflict + "VMI is already paused"),
      (.unpause, .succeeded, false, 409, conflict + "VMI is not running"),
      (.unpause, .running, false, 409, conflict + "VMI is not paused"),
      (.softreboot, .failed, false, 409, conflict + "VM is not running"),
      (.softreboot, .running, true, 409, conflict + "VMI is paused"),
      (
        .reset, .scheduling, false, 400,
        "Unable to connect to VirtualMachineInstance because phase is Scheduling instead of Running "
          + "or Scheduled"
      ),
      (.guestosinfo, .scheduled, false, 409, conflict + "VMI is not running"),
      (
        .guestosinfo, .running, false, 409,
        conflict + "VMI does not have guest agent connected"
      ),
      (.userlist, .running, true, 409, conflict + "VMI does not have guest agent connected"),
      (
        .filesystemlist, .running, false, 409,
        conflict + "VMI does not have guest agent connected"
      ),
      (.screenshot, .scheduled, false, 400, "VMI is not running"),
      (.vnc, .failed, false, 400, "VMI is not running"),
      (.console, .scheduling, false, 400, "VMI is not running"),
      (.portforward, .running, true, 409, conflict + "VMI is paused"),
      (.console, .failed, false, 409, conflict + "VMI is in failed status"),
    ] as [(InstanceRequest, InstancePhase, Bool, Int, String)])
  func refusals(
    _ request: InstanceRequest, _ phase: InstancePhase, _ isPaused: Bool, _ code: Int,
    _ message: String
  ) throws {
    let error = #expect(throws: StatusError.self) {
      try request.check(instance(phase, isPaused: isPaused))
    }
    #expect(error?.code == code && error?.message == message)
  }

  @Test(
    arguments: [
      (
        .pause, ["livenessProbe": ["initialDelaySeconds": 1]], 403,
        "virtualmachineinstance.kubevirt.io \"pxe\" is forbidden: Pausing VMIs with LivenessProbe "
          + "is currently not supported"
      ),
      (
        .softreboot, ["domain": ["features": ["acpi": ["enabled": false]]]], 409,
        conflict + "VMI neither have the agent connected nor the ACPI feature enabled"
      ),
      (
        .screenshot, ["domain": ["devices": ["autoattachGraphicsDevice": false]]], 400,
        "No graphics devices are present."
      ),
      (
        .vnc, ["domain": ["devices": ["autoattachGraphicsDevice": false]]], 400,
        "No graphics devices are present."
      ),
      (
        .console, ["domain": ["devices": ["autoattachSerialConsole": false]]], 400,
        "No serial consoles are present."
      ),
    ] as [(InstanceRequest, ObjectNode, Int, String)])
  func refusalsForWhatTheSpecSays(
    _ request: InstanceRequest, _ spec: ObjectNode, _ code: Int, _ message: String
  ) throws {
    let error = #expect(throws: StatusError.self) {
      try request.check(instance(.running, spec: spec))
    }
    #expect(error?.code == code && error?.message == message)
    try request.check(instance(.running))
  }

  @Test(
    arguments: [
      (.pause, .running, false), (.unpause, .running, true), (.softreboot, .running, false),
      (.reset, .running, true), (.reset, .scheduled, false), (.screenshot, .running, true),
      (.console, .running, true), (.vnc, .running, true),
    ] as [(InstanceRequest, InstancePhase, Bool)])
  func othersMayPass(_ request: InstanceRequest, _ phase: InstancePhase, _ isPaused: Bool) throws {
    try request.check(instance(phase, isPaused: isPaused))
  }
}
