import Kinds
import Objects
import PXEWire
import Planning

/// All objects of a lab that commands look at, as they are at one time.
package struct LabSnapshot: Sendable {
  /// The objects by their identity.
  package let objects: [ObjectKey: ObjectNode]

  /// The kinds that are looked at.
  static let resources: [GroupResource] =
    NodePlan.resources + [GroupResource("pods"), Boot.resource, LabPart.resource]

  init(_ objects: [ObjectKey: ObjectNode]) { self.objects = objects }

  /// What the lab's objects ask of its nodes, with all machines, running or not; or what they
  /// ask of one node.
  ///
  /// - Throws: ``RegistryError`` for a lab that is only being made; `PlanningError`.
  package func plan(lab: String, role: NodeRole = .lab) throws -> LabPlan {
    try nodePlan(lab: lab, role: role).lab
  }

  /// The same, with what the lab's settings say of nodes.
  ///
  /// - Throws: as ``plan(lab:role:)``.
  func nodePlan(lab: String, role: NodeRole = .lab) throws -> NodePlan {
    let plan = try NodePlan(objects: objects.lazy.map { ($0.key, $0.value) }, role: role)
    guard let plan else { throw RegistryError.beingMade(lab) }
    return plan
  }

  /// What an instance's pod that waits for a node asks of nodes' labels that none has.
  ///
  /// - Parameter obsolete: the CPU models that the lab calls obsolete.
  func missingLabels(of instance: ObjectKey, obsolete: Set<String>) -> [String] {
    MissingLabels.reasons(of: instance, in: objects, obsolete: obsolete)
  }

  /// The objects of a kind, in the order of their keys.
  func all(_ resource: GroupResource) -> [(key: ObjectKey, object: ObjectNode)] {
    objects.filter { $0.key.resource == resource }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value) }
  }

  /// The boots of a machine, oldest first.
  func boots(of machine: ObjectKey) throws -> [Boot] {
    try all(Boot.resource).map { try $0.object.decoded(as: Boot.self) }
      .filter { $0.metadata.namespace == machine.namespace && $0.spec.instance == machine.name }
      .sorted {
        ($0.status?.began ?? "", $0.metadata.name) < ($1.status?.began ?? "", $1.metadata.name)
      }
  }

  /// How many bytes of a machine's console log are of starts before its last.
  package func earlierConsole(of machine: ObjectKey) throws -> Int {
    try boots(of: machine).last?.spec.earlierLogs?.console ?? 0
  }

  /// When the lab began; `nil` of one that has not.
  var beginning: Timestamp? {
    all(.labs).first?.object["metadata", "creationTimestamp"]?.string
      .flatMap(Timestamp.init(apiTime:))
  }

  /// When the lab began.
  var began: Timestamp { beginning ?? Timestamp(nanoseconds: 0) }

  /// What people call the machines, by `namespace/name`.
  func titles(lab: String) throws -> [String: String] {
    Dictionary(try plan(lab: lab).machines.map { ("\($0.key)", $0.name) }) { first, _ in first }
  }
}
