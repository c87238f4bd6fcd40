import Execution
import ExternalCommand
import FileSystem
import Glibc
import LabPlan
import LabStore
import Subprocess

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
    let search = ExecutableSearch.current
    guard search.path(of: "pasta") != nil else {
      return "pasta is not installed (package passt), so \(effect)"
    }
    let command = uplink.command(sandbox: sandbox.pid)
    let input = open(uplink.standardInput(sandbox: sandbox.pid), O_RDONLY | O_CLOEXEC)
    guard let program = search.path(of: command.program), input >= 0 else {
      return "the sandbox's network cannot be entered, so \(effect)"
    }
    var options = PlatformOptions()
    options.createSession = true
    do {
      // What runs outside the sandbox's namespaces holds this lock, so that `down` waits for it.
      guard let log = try FileLock(path: plan.paths.uplinkLog) else {
        close(input)
        return "another pasta holds \(plan.paths.uplinkLog), so \(effect)"
      }
      let result = try await Subprocess.run(
        Configuration(
          executable: .path(.init(program)), arguments: Arguments(command.arguments),
          platformOptions: options),
        input: .fileDescriptor(.init(rawValue: input), closeAfterSpawningProcess: true),
        output: .discarded,
        error: .fileDescriptor(.init(rawValue: log.descriptor), closeAfterSpawningProcess: false))
      // Killed is how it ends with the sandbox; a failure of its own it says and exits.
      guard case .exited(let status) = result.terminationStatus, status != 0 else { return nil }
      return "pasta \(result.terminationStatus.phrase), so \(effect); see \(plan.paths.uplinkLog)"
    } catch {
      return "pasta could not be started (\(error)), so \(effect)"
    }
  }
}
