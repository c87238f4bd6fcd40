import DomainXML
import Kinds
import KubeVirt
import LabManifest
import Objects

/// What a lab's objects ask of a node: the network with the ports of the instances that are bound to it,
/// what is served, and those instances.
package struct NodePlan: Sendable {
  /// The kinds of objects that a node's plan is made of.
  package static let resources: [GroupResource] =
    [
      .virtualMachines, .virtualMachineInstances, .networkAttachmentDefinitions, .dataVolumes,
      .persistentVolumeClaims, .secrets, .configMaps, .labs, .hyperConvergeds,
      .nodeNetworkConfigurationPolicies, .nodes, GroupResource("kubevirts", group: "kubevirt.io"),
      ManifestFolder.resource, HostFacts.resource,
    ] + Instancetypes.resources

  /// The node's part of the lab.
  package var lab: LabPlan
  /// The node as manifests describe it (Kubernetes, core/v1, Node); `nil` of the whole lab and the fabric.
  package var node: LabNode?
  /// What nodes say of what they run on.
  package let system: NodeSystem
  /// The CPU models that no node is labelled with.
  package var obsoleteModels: Set<String>
  /// Why instances that are bound to the node cannot run on it.
  package var refusals: [ObjectKey: PlanningError]

  private let planner: LabPlanner

  /// The domain of a machine of the plan with what each of its elements is from: the manifest's lines, where
  /// the instance is as the manifest has it.
  ///
  /// - Throws: as the plan, for a machine of which there is none.
  package func domain(of machine: MachinePlan) throws -> XMLElement {
    try planner.domain(of: machine)
  }

  /// Plans a node.
  ///
  /// - Parameters:
  ///   - objects: all objects of the lab, of ``resources`` at least.
  ///   - role: what of the lab is planned.
  /// - Returns: `nil` while the lab's own objects are not there yet.
  /// - Throws: ``PlanningError`` for what is in the way of all; `KindError` for an object of pxelab's own
  ///   that cannot be read.
  package init?(objects: some Sequence<(key: ObjectKey, object: ObjectNode)>, role: NodeRole) throws
  {
    var instances: [ObjectKey: ObjectNode] = [:]
    var machines: [ObjectKey: ObjectNode] = [:]
    var others: [(key: ObjectKey, object: ObjectNode)] = []
    var facts: PlanningFacts?
    var folder: ManifestFolder.Spec?
    var name: String?
    var joined: [JoinedUplink] = []
    for (key, object) in objects {
      switch key.resource {
      case .virtualMachineInstances: instances[key] = object
      case .virtualMachines: machines[key] = object
      case HostFacts.resource: facts = try object.decoded(as: HostFacts.self).spec
      case ManifestFolder.resource: folder = try object.decoded(as: ManifestFolder.self).spec
      case .nodes:
        joined += JoinedUplink.uplinks(of: key.name, object)
        others.append((key, object))
      case .labs:
        name = key.name
        others.append((key, object))
      default:
        if Self.resources.contains(key.resource) { others.append((key, object)) }
      }
    }
    guard let facts, let name else { return nil }
    // A HyperConverged makes the KubeVirt.
    if others.contains(where: { $0.object["kind"]?.string == "HyperConverged" }) {
      others.removeAll { $0.object["kind"]?.string == "KubeVirt" }
    }
    // An instance says what runs, its VirtualMachine what the next one will be.
    let uncreated = machines.filter { key, _ in
      instances[ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: key.name)]
        == nil
    }
    // Machines by their names, whether they run or not.
    let all = (Array(instances) + Array(uncreated)).sorted {
      ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name)
    }
    let input = LabInput(
      objects: others.sorted { $0.key < $1.key }.map(\.object) + all.map(\.value), name: name)
    let manifests = folder.map { LabInput(folder: $0, lab: name) }
    system = NodeSystem(
      lab: name, release: Release(of: others.first { $0.key.resource == .labs }?.object),
      facts: facts)
    let running = instances.filter { _, object in
      object["status", "nodeName"]?.string != nil && !Self.isFinal(object)
    }
    let bound: Set<ObjectKey>? =
      role == .lab
      ? nil
      : Set(running.filter { $0.value["status", "nodeName"]?.string == role.agent }.keys)
    var refusals: [ObjectKey: PlanningError] = [:]
    planner = LabPlanner(
      input, facts: facts, manifests: manifests, instances: bound,
      elsewhere: Set(running.keys).subtracting(bound ?? []), role: role,
      joined: joined.sorted { $0.device < $1.device })
    lab = try planner.plan(without: &refusals)
    self.refusals = refusals
    for index in lab.machines.indices {
      let key = lab.machines[index].key
      let machine = ObjectKey(.virtualMachines, namespace: key.namespace, name: key.name)
      // An instance has the strategy of the VirtualMachine that has made it.
      if let object = machines[machine] {
        lab.machines[index].runStrategy = RunStrategy(of: object)
      }
    }
    obsoleteModels = input.cluster.obsoleteModels
    self.node = role.agent.flatMap { name in
      input.nodes.first { $0.name == name }
    }
    if let node, role.isPart { self.node?.object = input.withBridgeResources(node) }
  }

  /// Whether an instance runs no more.
  private static func isFinal(_ instance: ObjectNode) -> Bool {
    ["Succeeded", "Failed"].contains(instance["status", "phase"]?.string ?? "")
  }
}

extension LabInput {
  /// The manifests that a lab's objects were applied from.
  init(folder: ManifestFolder.Spec, lab: String) {
    let folderName = String(folder.path.split(separator: "/").last ?? Substring(lab))
    let files = folder.files.map { ($0.path, $0.text) }
    // A lab without lab.yaml has its folder's name, where nobody gave it another, and that is noted.
    if !files.isEmpty, ObjectName.label(from: folderName) == lab {
      self.init(files: files, folderName: folderName)
      if self.lab.name == lab { return }
    }
    self.init(files: files, folderName: folderName, name: lab)
  }
}

/// What a lab's launch found out of this machine, as an object of the lab.
package struct HostFacts: OwnKind {
  package static let resource = GroupResource("hostfacts", group: "pxelab.dev")
  package static let kindName = "HostFacts"
  /// The name of the only one.
  package static let name = "host"

  package var metadata: ObjectMetadata
  /// The facts.
  package var spec: PlanningFacts

  /// The facts of a machine.
  package init(spec: PlanningFacts) {
    metadata = ObjectMetadata(name: Self.name)
    self.spec = spec
  }
}
