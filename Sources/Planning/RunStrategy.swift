import KubeVirt
import Objects

/// When a machine runs (KubeVirt's `spec.runStrategy`, pkg/virt-controller/watch/vm).
package enum RunStrategy: String, Codable, Sendable, Hashable {
  /// Always: one that stops is started again.
  case always = "Always"
  /// From the lab's start on; started again when it has failed, and not when the guest has powered
  /// off.
  case rerunOnFailure = "RerunOnFailure"
  /// From the lab's start on, once.
  case once = "Once"
  /// When a person says so.
  case manual = "Manual"
  /// Not at all, before a person starts it: then it is `Always`.
  case halted = "Halted"
  /// Of a VirtualMachineInstance without a VirtualMachine, which has no run strategy: from the lab's
  /// start on, and when a person says so.
  case instance = "none"

  /// The strategy of a VirtualMachine's object; `running` is its older form.
  init(of machine: ObjectNode) {
    let running = machine["spec", "running"]?.boolean == true ? RunStrategy.always : .halted
    self =
      machine["spec", "runStrategy"]?.string.map { RunStrategy(rawValue: $0) ?? .halted }
      ?? running
  }

  /// The strategy of a machine's manifest; `running` is its older form.
  init(_ machine: Machine) {
    guard machine.kind == .virtualMachine else {
      self = .instance
      return
    }
    if let text = machine.runStrategy {
      // A machine that waits as the receiver of a migration has none here to receive.
      self = RunStrategy(rawValue: text) ?? .halted
    } else {
      self = machine.running == true ? .always : .halted
    }
  }
}
