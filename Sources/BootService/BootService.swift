import Execution
import FileSystem
import Parts
import Planning
import Sandbox

/// What serves on one network attachment: dnsmasq and the HTTP server, both in the attachment's own
/// namespace, and stunnel where machines boot by HTTPS; or what lab.yaml names in their place.
package actor BootService {
  /// What becomes of its parts. Ends with the service.
  package nonisolated let events: AsyncStream<PartEvent>
  private let group: PartGroup
  private let program: String
  private let runner: any CommandRunner
  private var plan: ServerPlan

  /// A service; nothing is started yet.
  ///
  /// - Parameter program: the path of the program that serves by HTTP, pxelab-lab.
  package init(
    plan: ServerPlan, program: String, runner: any CommandRunner = SubprocessRunner()
  ) {
    self.plan = plan
    self.program = program
    self.runner = runner
    group = PartGroup(runner: runner)
    events = group.events
  }

  /// The attachment that it serves.
  package var attachment: String { plan.attachment }

  /// Starts what serves, or adopts it, and returns when it answers. Of a server by command it is not
  /// known when it does.
  ///
  /// - Throws: ``BootServiceError``, `PartError`, `CommandError`, `SandboxError`, `CancellationError`.
  package func start() async throws {
    if plan.image != nil {
      try makeRoot()
      try Mounts.showFiles(of: plan.root, at: plan.servedRoot)
    }
    for command in plan.setUp { try await runner.run(command) }
    try await group.run(plan.parts(program: program))
  }

  /// Makes the files of a server that came by the API, of those that the lab keeps of the image.
  private func makeRoot() throws {
    guard !Files.exists(plan.root), let kept = plan.keptImage, Files.exists(kept) else { return }
    try Files.makeFolder(plan.directory)
    try Files.copy(kept, to: plan.root)
  }

  /// Serves by another plan of the same attachment, with files that were made anew for it. What it does
  /// not change goes on.
  ///
  /// - Throws: as ``start()``.
  package func update(to plan: ServerPlan) async throws {
    if self.plan.image != nil { try Mounts.hideFiles(at: self.plan.servedRoot) }
    self.plan = plan
    try await start()
  }

  /// Ends what serves.
  package func stop() async { await group.stop() }

  /// Lets go of what serves, which goes on: another program adopts it.
  package func release() async { await group.release() }

  /// What has become of each part.
  package func states() async -> [(title: String, state: PartState)] { await group.states() }
}

/// Why a server cannot be started.
package struct BootServiceError: Error, Sendable, CustomStringConvertible {
  /// Which, and why.
  package let description: String
}
