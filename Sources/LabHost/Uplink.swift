import Execution
import FileSystem
import Glibc
import LabPlan
import LabStore

/// Starts the sandbox's way out, which then ends with the sandbox by itself.
struct Uplink: Sendable {
  let plan: LabPlan
  let sandbox: ProcessIdentity

  /// Starts it where a machine has an interface on the pod network, and returns when it ends.
  ///
  /// - Returns: what a person should know when there is none.
  func run() async -> String? {
    guard let uplink = plan.uplink else { return nil }
    let effect = "machines on the pod network reach the lab's sandbox and no further"
    let command = uplink.command(sandbox: sandbox.pid)
    guard ExecutableSearch.current.path(of: command.program) != nil else {
      return "pasta is not installed (package passt), so \(effect)"
    }
    let input = open(uplink.standardInput(sandbox: sandbox.pid), O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { return "the sandbox's network cannot be entered, so \(effect)" }
    do {
      // What runs outside the sandbox's namespaces holds this lock, so that `down` waits for it.
      guard let log = try FileLock(path: plan.paths.uplinkLog) else {
        close(input)
        return "another pasta holds \(plan.paths.uplinkLog), so \(effect)"
      }
      var pasta = Program(command)
      pasta.hasOwnSession = true
      pasta.input = .handedOver(input)
      pasta.error = .descriptor(log.descriptor)
      let end = try await pasta.run()
      _ = consume log
      // Killed is how it ends with the sandbox; a failure of its own it says and exits.
      guard case .exited(let status) = end, status != 0 else { return nil }
      return "pasta \(end), so \(effect); see \(plan.paths.uplinkLog)"
    } catch {
      return "pasta could not be started (\(error)), so \(effect)"
    }
  }
}
