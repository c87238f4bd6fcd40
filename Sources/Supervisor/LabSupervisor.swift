import Control
import Dispatch
import Execution
import FileSystem
import Foundation
import Glibc
import LabPlan
import Sandbox

/// Carries out a lab's plan inside its sandbox and serves its control API until the lab ends.
package struct LabSupervisor: Sendable {
  private let planPath: String
  private let program: String
  private let libvirtCache: String

  /// A supervisor of the plan at a path.
  ///
  /// - Parameters:
  ///   - program: this program's path, which also serves files by HTTP.
  ///   - libvirtCache: the folder where libvirt remembers what QEMU can do.
  package init(planPath: String, program: String, libvirtCache: String) {
    self.planPath = planPath
    self.program = program
    self.libvirtCache = libvirtCache
  }

  /// Runs until `down` is asked for, a termination signal comes, or the command that started this
  /// ends without having detached it.
  package func run() async throws {
    signal(SIGPIPE, SIG_IGN)
    // `ip netns exec` looks its program up in PATH, and an ordinary user's on Debian lacks the folders
    // of ethtool and dnsmasq.
    setenv("PATH", ExecutableSearch.current.folders.joined(separator: ":"), 1)
    let plan = try JSONDecoder().decode(LabPlan.self, from: try Files.read(planPath))
    let record = LabRecord(status: LabStatus(plan))
    let (ending, end) = AsyncStream.makeStream(of: Void.self)
    Lifeline.watch { end.finish() }
    let signals = [SIGTERM, SIGINT].map { Self.source(of: $0) { end.finish() } }
    defer { for source in signals { source.cancel() } }
    try Mounts(paths: plan.paths, sandbox: plan.sandbox, libvirtCache: libvirtCache).apply()
    let namespaces = ProgramNamespaces(plan: plan)
    let power = MachinePower(plan: plan, record: record)
    let boots = BootWitness(plan: plan)
    let control = ControlServer(
      socketPath: plan.paths.controlSocket, record: record, namespaces: namespaces, power: power,
      input: MachineInput(plan: plan, record: record), boots: boots
    ) { end.finish() }
    let lab = LabRun(
      plan: plan, program: program, record: record, namespaces: namespaces, power: power,
      boots: boots)
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await control.run { Lifeline.announce() } }
      group.addTask {
        do {
          try await lab.run()
        } catch is CancellationError {
          return
        } catch {
          complain("\(error)")
          await record.add(.failure, "\(error)")
        }
      }
      for await _ in ending {}
      group.cancelAll()
      // The namespaces take everything else away, so nothing is waited for.
      exit(0)
    }
  }

  private static func source(of number: Int32, _ handler: @escaping @Sendable () -> Void)
    -> any DispatchSourceSignal
  {
    signal(number, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
    source.setEventHandler(handler: handler)
    source.activate()
    return source
  }
}

/// Writes a line to the supervisor's log, which is its standard error. On a full disk the lab goes on
/// without.
func complain(_ line: String) {
  try? StandardStream.error.write(line + "\n")
}
