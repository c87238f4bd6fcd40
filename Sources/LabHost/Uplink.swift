import Execution
import FileSystem
import Glibc
import LabStore
import Planning

/// Starts what keeps the sandbox's way out, which then ends with the sandbox by itself.
struct Uplink: Sendable {
  let folders: Folders
  let plan: LabPlan
  let sandbox: ProcessIdentity

  /// Starts it where the lab needs one, and returns when it ends. Several nodes reach it by ways out of
  /// their own.
  ///
  /// - Returns: what a person should know when there is none.
  func run() async -> String? {
    guard let uplink = plan.uplink, let agent = plan.roles.first?.agent else { return nil }
    let effect = "machines on the pod network reach the lab's sandbox and no further"
    let command = uplink.keeping(
      folders.daemon,
      ["uplink", folders.state, plan.lab, agent, "\(plan.nodes.count)"] + uplink.networks,
      sandbox: sandbox.pid)
    guard ExecutableSearch.current.path(of: UplinkPlan.program) != nil else {
      return "pasta is not installed (package passt), so \(effect)"
    }
    let input = open(uplink.standardInput(sandbox: sandbox.pid), O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { return "the sandbox's network cannot be entered, so \(effect)" }
    do {
      // nsenter runs outside the sandbox's namespaces and holds this lock, so that `down` waits for it.
      guard let log = try FileLock(path: plan.paths.uplinkLog) else {
        close(input)
        return "another pasta holds \(plan.paths.uplinkLog), so \(effect)"
      }
      var keeper = Program(command)
      keeper.hasOwnSession = true
      keeper.input = .handedOver(input)
      keeper.error = .descriptor(log.descriptor)
      let end = try await keeper.run()
      _ = consume log
      // Killed is how it ends with the sandbox; a failure of its own it says and exits.
      guard case .exited(let status) = end, status != 0 else { return nil }
      return "what keeps pasta \(end), so \(effect); see \(plan.paths.uplinkLog)"
    } catch {
      return "pasta could not be started (\(error)), so \(effect)"
    }
  }
}
