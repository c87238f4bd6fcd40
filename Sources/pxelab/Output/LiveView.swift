import FoundationEssentials
import Kinds
import LabHost
import PXEWire
import Planning
import Synchronization

/// A lab's progress: on a terminal one line for each machine, redrawn in place; elsewhere a plain
/// line for each thing that happened.
final class LiveView: Sendable {
  private struct State {
    var machines: [String] = []
    var stages: [String: String] = [:]
    var details: [String: String] = [:]
    var boots: [String: Kinds.Boot.Status] = [:]
    var drawn = 0
  }

  private let terminal: Terminal
  private let lost: @Sendable (Failure) -> Void
  private let state = Mutex(State())
  /// Lets the time that has passed be seen.
  private let clock = Mutex<Task<Void, any Error>?>(nil)

  /// - Parameter lost: called, perhaps again and again, when progress cannot be written any more.
  init(terminal: Terminal, lost: @escaping @Sendable (Failure) -> Void) {
    self.terminal = terminal
    self.lost = lost
  }

  /// Says what will be made.
  func begin(_ plan: LabPlan) {
    note("lab \(plan.lab)")
    note("dataplane: \(plan.dataplane.engine.choice.title) (\(plan.dataplane.engine.reason))")
    note("processor: \(plan.acceleration.choice) (\(plan.acceleration.reason))")
    for notice in plan.notices { note(notice) }
    state.withLock { state in
      state.machines = plan.machines.map(\.name)
      for machine in plan.machines where !machine.startsAtOnce {
        state.stages[machine.name] = "halted"
      }
    }
    guard terminal.isInteractive else { return }
    let ticks = Task { [weak self] in
      while true {
        try await Task.sleep(for: .seconds(1))
        self?.redraw()
      }
    }
    clock.withLock { $0 = ticks }
  }

  private func redraw() {
    state.withLock { state in
      guard state.drawn > 0 else { return }
      erase(&state)
      draw(&state)
    }
  }

  /// Shows how far a machine's boot is.
  func show(_ boot: Kinds.Boot.Status, of machine: String) {
    guard terminal.isInteractive else { return }
    state.withLock { state in
      state.boots[machine] = boot
      erase(&state)
      draw(&state)
    }
  }

  /// Prints a line above the machines'.
  func note(_ text: String) {
    state.withLock { state in
      erase(&state)
      write(terminal.paint(text, .faint) + "\n")
      if terminal.isInteractive { draw(&state) }
    }
  }

  /// Shows an event.
  func show(_ event: LabEvent) {
    switch event.kind {
    case .stage, .verdict, .wire:
      if terminal.isInteractive {
        state.withLock { state in
          guard let machine = event.machine else { return }
          if event.kind == .wire {
            state.details[machine] = event.text
          } else {
            state.stages[machine] = event.text
          }
          erase(&state)
          draw(&state)
        }
      } else if event.kind != .stage || event.percent.map({ $0 == 100 || $0 == 0 }) ?? true {
        write("\(stamp(event)) \(event.machine.map { "\($0): " } ?? "")\(event.text)\n")
      }
    case .phase:
      if !terminal.isInteractive { write("\(stamp(event)) \(event.text)\n") }
    case .notice:
      note(event.text)
    case .power:
      note("\(event.machine.map { "\($0): " } ?? "")\(event.text)")
    case .console, .failure, .object:
      break
    }
  }

  /// Leaves the last lines standing.
  func end() {
    clock.withLock { clock in
      clock?.cancel()
      clock = nil
    }
    state.withLock { $0.drawn = 0 }
  }

  private func stamp(_ event: LabEvent) -> String {
    event.seconds.text(decimals: 2).indented(to: 7)
  }

  private func erase(_ state: inout State) {
    guard terminal.isInteractive, state.drawn > 0 else { return }
    write("\u{1b}[\(state.drawn)A\u{1b}[J")
    state.drawn = 0
  }

  /// Without automatic margins (DECAWM) the terminal cuts a long line instead of wrapping it, and
  /// a line stays one row to erase.
  private func draw(_ state: inout State) {
    write("\u{1b}[?7l")
    defer { write("\u{1b}[?7h") }
    let width = state.machines.map(\.count).max() ?? 0
    let now = Timestamp(seconds: Date().timeIntervalSince1970)
    for machine in state.machines {
      let name = machine.padded(to: width)
      let line = BootLine(
        stage: state.stages[machine], detail: state.details[machine], boot: state.boots[machine],
        now: now)
      write("\(terminal.paint(name, .strong))  \(line.columns)  ")
      write("\(terminal.paint(line.detail, .faint))\n")
    }
    state.drawn = state.machines.count
  }

  private func write(_ text: String) {
    do {
      try Output.write(text)
    } catch {
      lost(error)
    }
  }
}
