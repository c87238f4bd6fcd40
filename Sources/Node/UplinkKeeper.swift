import Execution
import Kinds
import Logging
import Objects
import PXEWire
import Parts
import Planning

/// Keeps the way out of a lab's sandbox. pasta runs where the host's network is, which no program inside
/// the sandbox can enter again; so this is started from outside, and ends with the sandbox as pasta does.
package struct UplinkKeeper: Sendable {
  private let paths: LabPaths
  private let networks: [String]
  private let api: any ObjectAPI
  private let writer: ObjectWriter
  private let log: Logger
  private let runner: any CommandRunner
  private let role: NodeRole
  private let name: String

  /// A keeper for a lab.
  ///
  /// - Parameters:
  ///   - role: whose the sandbox's network is: the only node's, or the fabric's.
  ///   - networks: those whose machines have no other way out.
  package init(
    lab name: String, paths: LabPaths, role: NodeRole, networks: [String], api: any ObjectAPI,
    log: Logger,
    runner: any CommandRunner = SubprocessRunner()
  ) {
    self.paths = paths
    self.role = role
    self.name = name
    self.networks = networks
    self.api = api
    self.log = log
    self.runner = runner
    writer = ObjectWriter(api, node: role.agent ?? "", log: log)
  }

  /// The program; `input` is the sandbox's network namespace.
  func part(input: Int32) -> Part {
    Part(
      title: role.title(of: UplinkPlan.program), start: .foreground(UplinkPlan.command),
      networks: networks, input: input, log: paths.uplinkLog, note: paths.uplinkNote
    )
  }

  /// Keeps it running until cancelled, and tells of it.
  ///
  /// - Parameter input: a descriptor of the sandbox's network namespace.
  package func run(input: Int32) async {
    let parts = PartGroup(runner: runner)
    let reporter = PartReporter(node: writer.node, writer: writer, log: log)
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [writer] in await writer.run() }
      group.addTask {
        for await event in parts.events { await tell(event, by: reporter) }
      }
      do {
        try await parts.run([part(input: input)])
      } catch let error as PartError {
        let failure = PartEvent(
          title: error.title, state: .failed(reason: error.reason), networks: networks)
        await tell(failure, by: reporter)
      } catch {
        log.error("pasta is not started", metadata: ["error": "\(error)"])
      }
    }
    await parts.stop()
  }

  private func tell(_ event: PartEvent, by reporter: PartReporter) async {
    let time = Timestamp.now
    await reporter.tell(event, isEssential: false, of: await lab(), at: time)
  }

  /// The lab, as events name it; while its object is not there, by its name alone.
  private func lab() async -> EventRecord.Reference {
    if let lab = try? await api.list(.labs).first { return EventRecord.Reference(lab.object) }
    return EventRecord.Reference(
      apiVersion: "pxelab.dev/v1alpha1", kind: "Lab", namespace: "", name: name, uid: "")
  }
}
