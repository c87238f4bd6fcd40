import LabManifest

/// Everything that `pxelab up` does, as a value: what it prints with `pxelab plan`, writes to the
/// lab's folder and then carries out, and nothing else.
package struct LabPlan: Codable, Sendable, Hashable {
  /// The lab's name.
  package var lab: String
  /// Where its files are.
  package var paths: LabPaths
  /// The names of its nodes.
  package var nodes: [String]
  /// Its namespaces.
  package var sandbox: SandboxPlan
  /// Its bridges.
  package var dataplane: DataplanePlan
  /// How much is captured on each bridge.
  package var capture = LabCapture()
  /// Its network attachments.
  package var attachments: [AttachmentPlan]
  /// The host's interfaces that join its bridges.
  package var trunks: [TrunkPlan]
  /// The way out of the pod network and of what masquerades; `nil` where there is neither.
  package var uplink: UplinkPlan?
  /// What runs the guests' code (`kvm` or `tcg`), and why.
  package var acceleration: Reasoned<String>
  /// What is served.
  package var servers: [ServerPlan]
  /// Its machines.
  package var machines: [MachinePlan]
  /// The schedulers of its own.
  package var schedulers: [SchedulerPlan] = []
  /// What was assumed or left out, for a person.
  package var notices: [String]
  /// The folder of the manifests that it was made from; `nil` where there is none.
  package var manifestFolder: String?

  /// Whether there is a fabric between its nodes and what serves them.
  package var hasFabric: Bool { nodes.count > 1 }
  /// The role of each agent that the lab has, the fabric's first.
  package var roles: [NodeRole] {
    let names = (hasFabric ? [NodeRole.fabricName] : []) + nodes
    return names.map { NodeRole(agent: $0, nodes: nodes.count) }
  }
}
