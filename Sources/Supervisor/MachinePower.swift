import Control
import Execution
import ExternalCommand
import FileSystem
import Firmware
import Foundation
import LabPlan
import Libvirt

/// The machines' power: starts them with the lab, again as their run strategies have it, and
/// switches them as people ask.
actor MachinePower {
  private struct State {
    var strategy: RunStrategy
    var starts = 0
    /// Ends that were asked for, and of which libvirt has not told yet.
    var askedStops = 0
    /// Whether its processors have been stopped; libvirt calls a start a resumption too.
    var isPaused = false
    /// Whether a request is being carried out.
    var isBusy = false
    /// Who waits for the machine's end.
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let plan: LabPlan
  private let record: LabRecord
  private let runner: any CommandRunner
  private var connection: Connection?
  private var pending: [String: [String]] = [:]
  private var connectionWaiters: [CheckedContinuation<Void, Never>] = []
  private var states: [String: State]

  init(plan: LabPlan, record: LabRecord, runner: any CommandRunner = SubprocessRunner()) {
    self.plan = plan
    self.record = record
    self.runner = runner
    states = Dictionary(
      plan.machines.map { ($0.name, State(strategy: $0.runStrategy)) },
      uniquingKeysWith: { one, _ in one })
  }

  /// The machines are defined.
  ///
  /// - Parameter pending: why some are not, by name.
  func machinesAreDefined(_ connection: Connection, pending: [String: [String]]) {
    self.connection = connection
    self.pending = pending
    for waiter in connectionWaiters { waiter.resume() }
    connectionWaiters = []
  }

  /// Starts the machines that run from the lab's start on, which have just been made.
  ///
  /// - Returns: why libvirt does not start some, by name.
  func startAll() async throws -> [String: String] {
    var refused: [String: String] = [:]
    for machine in plan.machines where machine.startsAtOnce && pending[machine.name] == nil {
      do {
        try await start(machine.name, isFirst: true)
      } catch let error as LibvirtError {
        refused[machine.name] = error.message
      }
    }
    return refused
  }

  // MARK: - What people ask for

  /// Switches a machine; waits until the machines are defined.
  ///
  /// - Returns: the machine as it is then.
  /// - Throws: ``PowerRefusal``, `BootTargetError`, `LibvirtError`, `FileError`.
  func perform(_ request: PowerRequest, on name: String) async throws -> MachineAnswer {
    let machine = try await machine(name)
    guard states[name]?.isBusy == false else {
      throw PowerRefusal("\(name) is being switched already")
    }
    states[name]?.isBusy = true
    defer { states[name]?.isBusy = false }
    let notices = try await carryOut(request, on: machine)
    guard let status = await record.current.machines.first(where: { $0.name == name }) else {
      throw PowerRefusal("the lab has no machine \(name)")
    }
    return MachineAnswer(machine: status, notices: notices)
  }

  private func carryOut(_ request: PowerRequest, on machine: MachinePlan) async throws -> [String] {
    let name = machine.name
    let connection = try connected()
    // Before the power is taken away, what comes after must be possible.
    if let bootOnce = request.bootOnce { _ = try variables(of: machine, telling: bootOnce) }
    let state = try await connection.domain(name).state
    let isOn = ![.shutOff, .crashed].contains(state)
    switch request.action {
    case .on:
      guard state != .paused else {
        throw PowerRefusal("\(name) is paused: `pxelab resume \(name)` lets it go on")
      }
      guard !isOn else { throw PowerRefusal("\(name) runs already") }
      return try await startAnew(machine, bootOnce: request.bootOnce)
    case .cycle:
      _ = try states[name]?.strategy.started()
      if isOn, request.isSoft {
        try await shutDown(name, state, within: request.patienceSeconds)
      } else if isOn {
        try await stop(name) { try await connection.destroy(name) }
      }
      return try await startAnew(machine, bootOnce: request.bootOnce)
    case .off:
      try refuse(unless: isOn, name, is: "off already")
      try await stop(name) { try await connection.destroy(name) }
      await setStrategy(name, states[name]?.strategy.stopped)
    case .shutdown:
      try refuse(unless: isOn, name, is: "off already")
      try await shutDown(name, state, within: request.patienceSeconds)
      await setStrategy(name, states[name]?.strategy.stopped)
    case .reset:
      try refuse(unless: isOn, name, is: "off")
      try await connection.reset(name)
    case .pause:
      try refuse(unless: state == .running, name, is: isOn ? "paused already" : "off")
      try await connection.suspend(name)
      await show(name, "paused")
    case .resume:
      try refuse(unless: state == .paused, name, is: isOn ? "not paused" : "off")
      try await connection.resume(name)
      await show(name, "running")
    }
    return []
  }

  /// Presses the power button and waits until the machine is off.
  private func shutDown(
    _ name: String, _ state: DomainState, within patience: Double
  ) async throws {
    try refuse(
      unless: state != .paused, name,
      is: "paused, and its guest hears of no power button: `pxelab resume \(name)` first")
    let connection = try connected()
    let hasStopped = try await stop(name, within: .seconds(patience)) {
      try await connection.pressPowerButton(name)
    }
    guard hasStopped else {
      throw PowerRefusal(
        "\(name) did not power off within \(Duration.seconds(patience)): its guest does not heed the power button;"
          + " `pxelab power off \(name)` takes the power away")
    }
  }

  private func refuse(unless isRight: Bool, _ name: String, is state: String) throws {
    guard isRight else { throw PowerRefusal("\(name) is \(state)") }
  }

  private func machine(_ name: String) async throws -> MachinePlan {
    if connection == nil { await withCheckedContinuation { connectionWaiters.append($0) } }
    guard let machine = plan.machines.first(where: { $0.name == name }) else {
      throw PowerRefusal(
        "the lab has no machine \(name); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    if let reasons = pending[name] {
      throw PowerRefusal("\(name) is Pending: \(reasons.joined(separator: "; "))")
    }
    return machine
  }

  private func connected() throws -> Connection {
    guard let connection else { throw PowerRefusal("the lab has no machines yet") }
    return connection
  }

  /// Starts a machine as KubeVirt makes a new instance: what the last one's end took is made new.
  private func startAnew(_ machine: MachinePlan, bootOnce: BootTarget?) async throws -> [String] {
    let strategy = try states[machine.name]?.strategy.started()
    try await MachineFiles(machine: machine, runner: runner)
      .renew(keepsVariables: bootOnce != nil)
    var notices: [String] = []
    if let bootOnce { notices.append(try setBoot(bootOnce, of: machine)) }
    try await start(machine.name)
    await setStrategy(machine.name, strategy)
    return notices
  }

  private func setBoot(_ target: BootTarget, of machine: MachinePlan) throws -> String {
    let (path, store, notice) = try variables(of: machine, telling: target)
    try Files.write(Data(store.bytes), to: path)
    return notice
  }

  /// The machine's variable store with the target in it.
  private func variables(
    of machine: MachinePlan, telling target: BootTarget
  ) throws -> (path: String, store: VariableStore, notice: String) {
    guard let path = machine.variableStore?.path else {
      throw PowerRefusal(
        "\(machine.name) boots by BIOS, which has no BootNext: change its bootOrder")
    }
    var store = try VariableStore(bytes: [UInt8](try Files.read(path)))
    let notice = try target.set(in: &store, interfaces: machine.interfaces)
    return (path, store, notice)
  }

  private func setStrategy(_ name: String, _ strategy: RunStrategy?) async {
    guard let strategy, states[name]?.strategy != strategy else { return }
    states[name]?.strategy = strategy
    await record.change(machine: name) { $0.runStrategy = strategy.rawValue }
    await record.add(.power, machine: name, "run strategy \(strategy.rawValue) from now on")
  }

  private func start(_ name: String, isFirst: Bool = false) async throws {
    try await connected().start(name)
    states[name]?.starts += 1
    let starts = states[name]?.starts ?? 1
    await record.change(machine: name) { status in
      status.starts = starts
      status.power = "running"
      if status.stage == "halted" { status.stage = "defined" }
    }
    // The first starts are told together.
    if !isFirst { await record.add(.power, machine: name, "started") }
  }

  // MARK: - What happens

  /// Stops a machine by `body`, and returns when it is off.
  ///
  /// - Returns: whether it is, where it had a limited time.
  @discardableResult
  private func stop(
    _ name: String, within patience: Duration? = nil, by body: () async throws -> Void
  ) async throws -> Bool {
    states[name]?.askedStops += 1
    let stops = states[name]?.askedStops ?? 0
    do {
      try await body()
    } catch {
      states[name]?.askedStops -= 1
      throw error
    }
    let timer = patience.map { patience in
      Task {
        try await Task.sleep(for: patience)
        wake(name)
      }
    }
    if (states[name]?.askedStops ?? 0) >= stops {
      await withCheckedContinuation { states[name]?.waiters.append($0) }
    }
    timer?.cancel()
    guard (states[name]?.askedStops ?? 0) >= stops else { return true }
    states[name]?.askedStops -= 1
    return false
  }

  private func wake(_ name: String) {
    let waiters = states[name]?.waiters ?? []
    states[name]?.waiters = []
    for waiter in waiters { waiter.resume() }
  }

  private func show(_ name: String, _ power: String) async {
    await record.change(machine: name) { $0.power = power }
  }

  /// Follows a machine's life, and starts it again where its run strategy says so.
  func observe(_ event: LifecycleEvent) async {
    let name = event.domain
    guard let state = states[name] else { return }
    switch event.kind {
    case .suspended:
      states[name]?.isPaused = true
      await show(name, "paused")
      await record.add(.power, machine: name, "paused")
    case .resumed:
      guard state.isPaused else { return }
      states[name]?.isPaused = false
      await show(name, "running")
      await record.add(.power, machine: name, "resumed")
    case .reset:
      await record.add(.power, machine: name, "reset")
    case .stopped(let reason):
      states[name]?.isPaused = false
      let hasFailed = reason == .crashed || reason == .failed
      await show(name, hasFailed ? "crashed" : "off")
      await record.add(.power, machine: name, "stopped: \(reason.text)")
      if state.askedStops > 0 {
        states[name]?.askedStops -= 1
        wake(name)
      } else if state.strategy.restarts(afterFailure: hasFailed) {
        await restart(name, state.strategy)
      }
    default: break
    }
  }

  private func restart(_ name: String, _ strategy: RunStrategy) async {
    guard let machine = plan.machines.first(where: { $0.name == name }) else { return }
    do {
      try await MachineFiles(machine: machine, runner: runner).renew(keepsVariables: false)
      try await start(name)
      await record.add(
        .power, machine: name, "as its run strategy \(strategy.rawValue) asks")
    } catch {
      await record.add(.failure, machine: name, "\(name) could not be started again: \(error)")
    }
  }
}

extension LifecycleEvent.StopReason {
  fileprivate var text: String {
    switch self {
    case .shutdown: "the guest powered off"
    case .destroyed: "its power was taken away"
    case .crashed: "the guest crashed"
    case .failed: "QEMU ended"
    case .migrated: "it was migrated"
    case .saved: "it was saved"
    case .snapshot: "a snapshot was loaded"
    case .unknown(let number): "libvirt's reason \(number)"
    }
  }
}
