import Control
import Dataplane
import Diagnosis
import Execution
import Foundation
import LabPlan
import Libvirt

/// The lab itself: makes network, servers and machines, and watches the boots.
struct LabRun: Sendable {
  let plan: LabPlan
  let program: String
  let record: LabRecord
  let namespaces: ProgramNamespaces
  let power: MachinePower
  let boots: BootWitness
  let runner: any CommandRunner = SubprocessRunner()

  func run() async throws {
    let dataplane = Dataplane(plan.dataplane, runner: runner)
    async let definitions: (Connection, [String: [String]]) = defineMachines()
    async let wire: WireObserver = makeNetwork(dataplane)
    let ((connection, pending), observer) = try await (definitions, wire)
    await power.machinesAreDefined(connection, pending: pending)
    let watches = plan.machines.map { machine in
      MachineWatch(plan: machine, record: record)
    }
    await boots.watch(watches, by: connection)
    var judge = Judge(
      plan: plan, dataplane: dataplane, connection: connection, wire: observer, pending: pending,
      record: record, runner: runner)
    // Before the first start, of which it tells.
    let lifecycle = try await connection.events()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for server in plan.servers {
        group.addTask { await serve(server) }
      }
      group.addTask {
        for await event in observer.events {
          for watch in watches { await watch.observe(event) }
        }
      }
      group.addTask {
        while true {
          try await Task.sleep(for: .seconds(1))
          observer.advance(to: .now)
        }
      }
      group.addTask { await follow(lifecycle, watches) }
      let consoles = try followConsoles(watches, in: &group)
      judge.refused = try await start()
      let verdicts = try await judge.verdicts(on: watches)
      await record.finish(
        LabReport(
          lab: plan.lab, dataplane: plan.dataplane.engine.choice.rawValue,
          acceleration: plan.acceleration.choice, machines: verdicts))
      try await group.waitForAll()
      _ = consoles
    }
  }

  /// Defines the machines that can be scheduled here; the others are told with the reasons.
  private func defineMachines() async throws -> (Connection, pending: [String: [String]]) {
    for machine in plan.machines {
      if let notice = try await MachineFiles(machine: machine, runner: runner).make() {
        await record.add(.notice, machine: machine.name, notice)
      }
    }
    try await LibvirtDaemon(paths: plan.paths, runner: runner).start()
    let connection = try await Connection.open(uri: plan.paths.libvirtURI)
    let scheduling = try await Scheduling(plan: plan, connection: connection).outcome()
    let pending = scheduling.pending
    for machine in plan.machines {
      if let reasons = pending[machine.name] {
        let reason = reasons.joined(separator: "; ")
        await record.change(machine: machine.name) { status in
          status.stage = "pending"
          status.reason = reason
        }
        await record.add(.notice, machine: machine.name, "\(machine.name): Pending: \(reason)")
      } else {
        if let notice = scheduling.notices[machine.name] {
          await record.add(.notice, machine: machine.name, "\(machine.name): \(notice)")
        }
        _ = try await connection.define(xml: machine.domainXML)
      }
    }
    await record.add(.phase, "machines defined")
    return (connection, pending)
  }

  private func makeNetwork(_ dataplane: Dataplane) async throws -> WireObserver {
    try await dataplane.apply()
    try await joinTrunks()
    await namespaces.networkIsMade()
    let observer = WireObserver()
    for bridge in plan.dataplane.bridges {
      try observer.listen(
        on: bridge.captureDevice, file: plan.paths.capture(bridge.device))
    }
    for server in plan.servers {
      try await PXEServer(plan: server, runner: runner).start()
    }
    await record.add(.phase, "network made, servers answer")
    return observer
  }

  private func joinTrunks() async throws {
    guard !plan.trunks.isEmpty else { return }
    await record.waitForUplinks()
    for trunk in plan.trunks {
      for command in trunk.join { try await runner.run(command) }
      await record.add(.phase, "\(trunk.interface) joined \(trunk.bridge) as a trunk")
    }
  }

  /// Serves until cancelled. The end of a server is said at once, for no machine is judged by it.
  private func serve(_ server: ServerPlan) async {
    do {
      try await PXEServer(plan: server, runner: runner).serve(program: program)
    } catch is CancellationError {
      return
    } catch {
      complain("\(error)")
      await record.change { status in
        for index in status.servers.indices
        where status.servers[index].attachment == server.attachment {
          status.servers[index].failure = "\(error)"
        }
      }
      await record.add(.failure, "\(error)")
    }
  }

  /// Starts the machines; answers which libvirt does not start, and its reasons.
  private func start() async throws -> [String: String] {
    let refused = try await power.startAll()
    await record.change { $0.phase = .running }
    await record.add(.phase, "machines started")
    return refused
  }

  private func followConsoles(
    _ watches: [MachineWatch], in group: inout ThrowingTaskGroup<Void, any Error>
  ) throws -> ConsoleFollower {
    let (pieces, piece) = AsyncStream.makeStream(of: (Int, [UInt8]).self)
    let follower = try ConsoleFollower(plan.machines.map(\.consoleLog)) { index, bytes in
      piece.yield((index, bytes))
    }
    group.addTask {
      for await (index, bytes) in pieces { await watches[index].read(console: bytes) }
    }
    return follower
  }

  private func follow(
    _ lifecycle: AsyncStream<LifecycleEvent>, _ watches: [MachineWatch]
  ) async {
    for await event in lifecycle {
      if event.kind == .started || event.kind == .reset {
        for watch in watches where watch.plan.name == event.domain { await watch.started() }
      }
      if case .stopped = event.kind {
        for watch in watches where watch.plan.name == event.domain { await watch.stopped() }
      }
      await power.observe(event)
    }
  }
}
