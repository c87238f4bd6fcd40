import Controllers
import DomainXML
import Kinds
import KubeVirt
import LabManifest
import Objects
import Planning
import Reconciliation
import Store

/// The making of a ``DryLab``: objects are written, and controllers decide until nothing is left to do. The
/// clock stands still.
struct DryRun {
  /// What is known of the nodes' labels, by node, once they are labelled.
  private(set) var labels: [String: ExpectedLabels] = [:]
  private let lab: String
  private let roles: [NodeRole]
  private let processors: ProcessorMap?
  private let store: Store
  private let writer: ChangeWriter

  /// More looks at all objects than the controllers of any lab need.
  private static let mostPasses = 1000
  private static let now = Timestamp(seconds: 0)

  init(lab: String, nodes: [String], processors: ProcessorMap?) {
    self.lab = lab
    self.processors = processors
    roles = nodes.map { NodeRole(agent: $0, nodes: nodes.count) }
    store = Store(
      moment: WriteMoment(
        seconds: { Self.now.seconds },
        uid: { StableIdentity.uuid(lab: lab, machine: "\($0.resource) \($0)") }))
    writer = ChangeWriter(store: store)
  }

  /// All objects.
  var objects: [ObjectKey: ObjectNode] {
    get async {
      let table = await store.snapshot
      let all: [(key: ObjectKey, object: StoredObject)] = table.resources.flatMap {
        table.objects(of: $0)
      }
      return Dictionary(all.map { ($0.key, $0.object.tree) }) { first, _ in first }
    }
  }

  /// What the objects ask of an agent.
  func plan(_ role: NodeRole) async throws -> NodePlan? {
    try NodePlan(objects: await objects.map { (key: $0.key, object: $0.value) }, role: role)
  }

  // MARK: - What `up` does

  /// Applies manifests, in the order in which `up` does.
  func take(
    _ manifests: ManifestObjects, from folder: ManifestFolder.Spec, facts: PlanningFacts
  ) async throws {
    try await create(
      ObjectKey(GroupResource("namespaces"), namespace: "", name: ObjectKey.defaultNamespace),
      [
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": [
          "labels": ["kubernetes.io/metadata.name": .text(ObjectKey.defaultNamespace)]
        ],
      ])
    let facts = HostFacts(spec: facts)
    let folder = ManifestFolder(spec: folder)
    try await create(facts.key, try facts.tree())
    try await create(folder.key, try folder.tree())
    for (key, object) in manifests.all { try await create(key, try await admitted(object)) }
    try await settle()
  }

  /// What KubeVirt's webhooks make of an object; others are taken as they are.
  private func admitted(_ object: ObjectNode) async throws -> ObjectNode {
    if object["kind"]?.string == "HyperConverged" {
      return HyperConvergedObject(object, workers: roles.count).stored
    }
    let snapshot = await store.snapshot
    let settings = ClusterSettings.stored { resource in
      snapshot.objects(of: resource).map { ($0.key.name, $0.object.tree) }
    }
    var instancetypes = Instancetypes()
    for object in Instancetypes.resources.flatMap({ snapshot.objects(of: $0) }) {
      instancetypes.add(ManifestDocument(object: object.object.tree))
    }
    let machine = MachineObject(
      ManifestDocument(object: object), cluster: settings ?? ClusterSettings(),
      instancetypes: instancetypes)
    guard let machine, machine.host == nil else { return object }
    let errors = machine.causes.filter { $0.severity == .error }
    guard errors.isEmpty else {
      throw DryLab.Refusal(
        description: "\(machine.key): " + errors.map(\.message).joined(separator: ", "))
    }
    return machine.stored
  }

  private func create(_ key: ObjectKey, _ object: ObjectNode) async throws {
    let hasStatus = APIResources.builtIn[key.resource]?.hasStatus ?? false
    do throws(StoreError) {
      try await store.create(key, object, status: hasStatus ? .apart : .together)
    } catch .alreadyExists {
      // The folder has it twice, or it is one that every lab has.
      try await change(key) { ManifestObjects.apply(object, to: &$0) }
    } catch {
      throw DryLab.Refusal(description: "\(error)")
    }
  }

  // MARK: - What agents do

  /// Has each node's agent say that its node is there.
  func registerNodes() async throws {
    for role in roles {
      guard let name = role.agent, let plan = try await plan(role) else { continue }
      let node = RegisteredNode(
        plan.node ?? LabNode(name: name), on: plan.system, at: "\(Self.now)")
      let key = ObjectKey(.nodes, namespace: "", name: name)
      if await store.get(key) == nil {
        try await store.create(key, node.tree, status: .together)
      } else {
        try await change(key) { node.complete(&$0) }
        try await changeStatus(key) { node.completeStatus(of: &$0) }
      }
    }
    try await settle()
  }

  /// Has each of several nodes plug its uplinks into the fabric.
  func joinFabric() async throws {
    for role in roles where role.isPart {
      guard let name = role.agent, let plan = try await plan(role)?.lab,
        let uplinks = plan.joinedUplinks(session: "0")
      else { continue }
      try await change(ObjectKey(.nodes, namespace: "", name: name)) { node in
        node["metadata", "annotations", JoinedUplink.annotation] = .text(uplinks)
        return true
      }
    }
  }

  /// Has each node's agent say what machines its node runs.
  mutating func labelNodes() async throws {
    let objects = await objects
    let pods = objects.filter { $0.key.resource == GroupResource("pods") }.map(\.value)
    for role in roles {
      guard let name = role.agent, let plan = try await plan(role) else { continue }
      let key = ObjectKey(.nodes, namespace: "", name: name)
      guard let object = objects[key] else { continue }
      let expected = ExpectedLabels(
        of: plan.node ?? LabNode(name: name), object, askedBy: pods, processors: processors,
        obsolete: plan.obsoleteModels, usesKVM: plan.lab.acceleration.choice == "kvm")
      labels[name] = expected
      try await change(key) { NodeLabeller.tell(expected.labels, from: expected.source, in: &$0) }
    }
    try await settle()
  }

  /// Has each node's agent take the launcher pods that are bound to it.
  func takePods() async throws {
    while true {
      var isTaken = false
      for (key, pod) in await objects.sorted(by: { $0.key < $1.key })
      where key.resource == GroupResource("pods") && pod["spec", "nodeName"]?.string != nil {
        var tree = pod
        guard InstanceStatus.takePod(at: "\(Self.now)", in: &tree) else { continue }
        try await store.updateStatus(key, tree)
        isTaken = true
      }
      guard isTaken else { return }
      try await settle()
    }
  }

  private func change(_ key: ObjectKey, _ edit: (inout ObjectNode) -> Bool) async throws {
    guard var tree = await store.get(key)?.tree, edit(&tree) else { return }
    try await store.update(key, tree)
  }

  private func changeStatus(_ key: ObjectKey, _ edit: (inout ObjectNode) -> Bool) async throws {
    guard var tree = await store.get(key)?.tree, edit(&tree) else { return }
    try await store.updateStatus(key, tree)
  }

  // MARK: - What controllers do

  /// Lets the controllers decide on all objects until they have nothing left to do but to wait.
  private func settle() async throws {
    let reconcilers = LabControllers.reconcilers(
      VirtualMachineReconciler.admitted, nodeGracePeriod: 40)
    for _ in 0..<Self.mostPasses {
      let before = await store.status.revision
      for reconciler in reconcilers { try await pass(reconciler) }
      if await store.status.revision == before { return }
    }
    throw DryLab.Refusal(description: "the lab's controllers do not come to rest on these objects")
  }

  private func pass(_ reconciler: any Reconciler) async throws {
    let snapshot = await store.snapshot
    var seen: Set<ObjectKey> = []
    var keys: [ObjectKey] = []
    for resource in snapshot.resources {
      let objects: [(key: ObjectKey, object: StoredObject)] = snapshot.objects(of: resource)
      for (key, object) in objects {
        let concerned = reconciler.keys(concernedBy: key, object.tree, in: snapshot)
        keys += concerned.filter { seen.insert($0).inserted }
      }
    }
    for key in keys.sorted() {
      let moment = Moment(now: Self.now, nameSuffix: { Self.suffix(for: key) })
      let outcome = reconciler.reconcile(key, in: await store.snapshot, at: moment)
      try await writer.write(outcome.changes, at: Self.now)
    }
  }

  /// The end of a name that an object's controller makes up.
  private static func suffix(for key: ObjectKey) -> String {
    String(StableIdentity.uuid(lab: "", machine: "\(key.resource) \(key)").prefix(5))
  }
}
