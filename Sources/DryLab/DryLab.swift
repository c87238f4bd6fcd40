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
  /// Why machines cannot be planned; ``plan`` and ``parts`` are without these.
  package let refusals: [ObjectKey: PlanningError]
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
  ///   - notices: what was found out before, for people to read with the plan's notices.
  /// - Throws: ``Refusal`` for an object that the API would not take; `PlanningError` for what is in the way of
  ///   all.
  package init(
    _ manifests: ManifestObjects, from folder: ManifestFolder.Spec, facts: PlanningFacts,
    processors: ProcessorMap? = nil, notices: [String] = []
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
    var refusals = whole.refusals
    obsoleteModels = whole.obsoleteModels
    var parts: [(role: NodeRole, plan: NodePlan)] = []
    for role in whole.lab.roles {
      guard let part = try await run.plan(role) else { continue }
      refusals.merge(part.refusals) { first, _ in first }
      parts.append((role, part))
    }
    let placed = Dictionary(
      parts.flatMap { $0.plan.lab.machines }.map { ($0.key, $0) }
    ) { first, _ in first }
    var plan = whole.lab
    plan.machines = plan.machines.filter { refusals[$0.key] == nil }.map { placed[$0.key] ?? $0 }
    plan.notices += notices
    // A machine has other notices on a node with another processor.
    for machine in placed.values.sorted(by: { $0.key < $1.key }) {
      let own = parts.flatMap(\.plan.lab.notices).filter { $0.hasPrefix("\(machine.name): ") }
      plan.notices += Set(own).subtracting(plan.notices).sorted()
    }
    self.plan = plan
    self.refusals = refusals
    self.parts = parts.map { ($0.role, $0.plan.lab) }
    nodePlans = parts.map(\.plan) + [whole]
  }

  /// Fails for a lab of which a machine cannot be planned.
  ///
  /// - Returns: the lab.
  /// - Throws: `PlanningError` for the first such machine.
  package func complete() throws -> DryLab {
    if let refusal = refusals.min(by: { $0.key < $1.key }) { throw refusal.value }
    return self
  }

  /// The domain of a machine with what each of its elements is from.
  ///
  /// - Parameter machine: a machine's name and namespace, in whichever of its kinds.
  /// - Throws: `PlanningError` for a machine that cannot be planned; ``Refusal`` for one that the lab has not.
  package func domain(of machine: ObjectKey) throws -> XMLElement {
    func isMeant(_ key: ObjectKey) -> Bool {
      key.namespace == machine.namespace && key.name == machine.name
    }
    if let refusal = refusals.first(where: { isMeant($0.key) }) { throw refusal.value }
    for owner in nodePlans {
      guard let planned = owner.lab.machines.first(where: { isMeant($0.key) }) else { continue }
      return try owner.domain(of: planned)
    }
    throw Refusal(description: "the lab has no machine \(machine)")
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
