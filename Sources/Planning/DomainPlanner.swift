import DomainXML
import LabManifest

/// The libvirt domain of one machine in a lab: KubeVirt's, with each deliberate difference as a
/// step of its own (docs/kubevirt-differences.md).
struct DomainPlanner {
  /// The machine's name.
  let name: String
  /// Its files, taps and addresses.
  let plan: MachinePlan
  /// Whether KVM runs the guest; else TCG does.
  let usesKVM: Bool
  /// The machine's UUID.
  let uuid: String
  /// The firmware's code; `nil` for SeaBIOS.
  let loader: String?
  /// The processor that lab.yaml says the node has; `nil` is this machine's.
  var processor: NodeProcessor?
  /// What carries the machine's frames.
  let engine: DataplaneEngine

  /// A difference between a cluster's domain and a lab's.
  struct Step: Sendable {
    /// What the lab has instead, for `render --explain`.
    let title: String
    /// Changes the domain; returns what a person should know of this machine.
    let apply: @Sendable (inout XMLElement, DomainPlanner, _ title: String) -> [String]
  }

  /// All of them, in the order in which they are taken.
  static let steps: [Step] = [
    .ownName, .nodeProcessor, .emulation, .nothingPluggedIn, .ordinaryMemory, .ownFirmware,
    .noDirectBoot,
    .ownTaps, .wholeChecksums, .noOptionROM, .ownFiles, .ownSockets, .noChannels, .leftOut,
    .ownUser,
  ]

  /// KubeVirt's domain made a lab's, and what a person should know of it.
  func domain(_ converted: XMLElement) -> (domain: XMLElement, notices: [String]) {
    var domain = converted
    var notices: [String] = []
    for step in Self.steps {
      notices += step.apply(&domain, self, "lab: \(step.title)").map { "\(name): \($0)" }
    }
    return (domain, notices)
  }
}
