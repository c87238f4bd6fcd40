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
  /// The CPU models that no node is labelled with.
  package var obsoleteModels: Set<String>
  /// Why instances that are bound to the node cannot run on it.
  package var refusals: [ObjectKey: PlanningError]

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
    var others: [ObjectNode] = []
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
        others.append(object)
      case .labs:
        name = key.name
        others.append(object)
      default:
        if Self.resources.contains(key.resource) { others.append(object) }
      }
    }
    guard let facts, let name else { return nil }
    // A HyperConverged makes the KubeVirt.
    if others.contains(where: { $0["kind"]?.string == "HyperConverged" }) {
      others.removeAll { $0["kind"]?.string == "KubeVirt" }
    }
    // An instance says what runs, its VirtualMachine what the next one will be.
    let uncreated = machines.filter { key, _ in
      instances[ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: key.name)]
        == nil
    }
    let input = LabInput(
      objects: others
        + (Array(instances) + Array(uncreated)).sorted { $0.key < $1.key }.map(\.value),
      name: name)
    let manifests = folder.map { folder in
      LabInput(files: folder.files.map { ($0.path, $0.text) }, folderName: name, name: name)
    }
    let running = instances.filter { _, object in
      object["status", "nodeName"]?.string != nil && !Self.isFinal(object)
    }
    let bound: Set<ObjectKey>? =
      role == .lab
      ? nil
      : Set(running.filter { $0.value["status", "nodeName"]?.string == role.agent }.keys)
    var refusals: [ObjectKey: PlanningError] = [:]
    lab = try LabPlanner(
      input, facts: facts, manifests: manifests, instances: bound,
      elsewhere: Set(running.keys).subtracting(bound ?? []), role: role,
      joined: joined.sorted { $0.device < $1.device }
    ).plan(without: &refusals)
    self.refusals = refusals
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
