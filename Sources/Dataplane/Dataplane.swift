import Execution
import Planning

/// The lab's bridges in force: carries out a ``DataplanePlan`` and reads back what it made.
package struct Dataplane: Sendable {
  let plan: DataplanePlan
  let runner: any CommandRunner

  /// The dataplane of a plan; nothing happens yet.
  package init(_ plan: DataplanePlan, runner: any CommandRunner) {
    self.plan = plan
    self.runner = runner
  }

  /// Makes bridges, ports and namespaces in the current network namespace.
  ///
  /// - Throws: `CommandError` of the command that failed.
  package func apply() async throws {
    for command in plan.setUp {
      try await runner.run(command)
    }
  }

  /// Adds a port to a bridge that ``apply()`` has made.
  ///
  /// - Throws: `CommandError` of the command that failed.
  package func add(_ port: PortPlan, to bridge: String) async throws {
    for command in plan.adding(port, to: bridge) { try await runner.run(command) }
  }

  /// Removes a port, with the namespace at its far end.
  ///
  /// - Throws: `CommandError` of the command that failed.
  package func remove(_ port: PortPlan, from bridge: String) async throws {
    for command in plan.removing(port, from: bridge) { try await runner.run(command) }
  }

  /// The VLAN table of each port, as the engine has it now.
  ///
  /// - Throws: `CommandError`, or ``PortTableError`` when the answer cannot be read.
  package func ports() async throws -> [PortState] {
    let answer = try await runner.run(plan.listPorts)
    return switch plan.engine.choice {
    case .linuxBridge: try LinuxBridgePortTable.decode(answer)
    case .openVSwitch: try OpenVSwitchPortTable.decode(answer)
    }
  }
}
