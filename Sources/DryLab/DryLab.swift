import DomainXML
import Kinds
import LabManifest
import Objects
import Planning

/// A lab without a lab: what becomes of a folder's manifests when `up` has applied them and each node has
/// taken its machines.
///
/// The objects are taken in as the API takes them in, and the controllers of a lab decide on a store in
/// memory. What an agent writes of its node and its machines, it writes here by the same functions; what it
/// asks libvirt for is assumed as far as machines ask for it, and that is said. Each agent's part is then
/// planned as the agent does it, by ``NodePlan`` from these objects.
package struct DryLab: Sendable {
  /// All objects.
  package let objects: [ObjectKey: ObjectNode]
  /// The whole lab, with each machine as its node has it.
  package let plan: LabPlan
  /// What each agent carries out: those of ``LabPlan/roles``.
  package let parts: [(role: NodeRole, plan: LabPlan)]
  private let nodePlans: [NodePlan]
  private let obsoleteModels: Set<String>
  private let labels: [String: ExpectedLabels]

  /// Plans a lab.
  ///
  /// - Parameters:
  ///   - manifests: the objects, of manifests without errors.
  ///   - folder: those manifests as they are written.
  ///   - facts: what was found out of this machine.
  ///   - processors: libvirt's map of CPU models; `nil` where there is none.
  /// - Throws: ``Refusal`` for an object that the API would not take; `PlanningError` for what is in the way,
  ///   of one machine too.
  package init(
    _ manifests: ManifestObjects, from folder: ManifestFolder.Spec, facts: PlanningFacts,
    processors: ProcessorMap? = nil
  ) async throws {
    var run = DryRun(lab: manifests.lab, nodes: facts.nodes, processors: processors)
    try await run.take(manifests, from: folder, facts: facts)
    try await run.registerNodes()
    try await run.joinFabric()
    try await run.labelNodes()
    try await run.takePods()
    objects = await run.objects
    labels = run.labels
    guard let whole = try await run.plan(.lab) else {
      throw Refusal(description: "no object says what lab it is")
    }
    if let refusal = whole.refusals.min(by: { $0.key < $1.key }) { throw refusal.value }
    obsoleteModels = whole.obsoleteModels
    var parts: [(role: NodeRole, plan: NodePlan)] = []
    for role in whole.lab.roles {
      guard let part = try await run.plan(role) else { continue }
      if let refusal = part.refusals.min(by: { $0.key < $1.key }) { throw refusal.value }
      parts.append((role, part))
    }
    let placed = Dictionary(
      parts.flatMap { $0.plan.lab.machines }.map { ($0.key, $0) }
    ) { first, _ in first }
    var plan = whole.lab
    plan.machines = plan.machines.map { placed[$0.key] ?? $0 }
    // A machine has other notices on a node with another processor.
    for machine in placed.values.sorted(by: { $0.key < $1.key }) {
      let own = parts.flatMap(\.plan.lab.notices).filter { $0.hasPrefix("\(machine.name): ") }
      plan.notices += Set(own).subtracting(plan.notices).sorted()
    }
    self.plan = plan
    self.parts = parts.map { ($0.role, $0.plan.lab) }
    nodePlans = parts.map(\.plan) + [whole]
  }

  /// The domain of a machine with what each of its elements is from.
  ///
  /// - Throws: `PlanningError` for a machine that is not in ``plan``.
  package func domain(of machine: MachinePlan) throws -> XMLElement {
    let owner = nodePlans.first { plan in plan.lab.machines.contains { $0.key == machine.key } }
    guard let owner else {
      throw Refusal(description: "the lab has no machine \(machine.name)")
    }
    return try owner.domain(of: machine)
  }

  /// Where a machine goes.
  package func placement(of machine: MachinePlan) -> MachinePlacement {
    MachinePlacement(
      of: machine.instanceKey, in: objects, obsolete: obsoleteModels, labels: labels,
      schedulers: plan.schedulers)
  }

  /// Why the lab's API would not take an object, or no plan comes of the objects.
  package struct Refusal: Error, Sendable, CustomStringConvertible {
    /// What and why.
    package let description: String
  }
}
