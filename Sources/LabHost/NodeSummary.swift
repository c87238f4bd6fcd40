import Kinds
import KubeVirt
import Objects
import Planning

/// A node as its objects say it is.
package struct NodeSummary: Codable, Sendable, Hashable {
  /// Its name.
  package var name: String
  /// `Ready`, `NotReady`, `Unknown`, or `Off` without power.
  package var state: String
  /// Whether machines may be placed on it: it is not cordoned.
  package var isSchedulable: Bool
  /// Its labels.
  package var labels: [String: String]
  /// Its taints, as `KEY=VALUE:EFFECT`.
  package var taints: [String]
  /// What it has for machines, as quantities by name.
  package var allocatable: [String: String]
  /// The devices by which its bridges are joined to the fabric.
  package var uplinks: [String]
  /// The machines that are on it, as people call them.
  package var machines: [String]
  /// Where virsh and virt-manager connect.
  package var libvirtURI: String

  /// Its labels, a line each, those of what its processor and its libvirt can do as a number.
  package var foldedLabels: [String] {
    let prefixes =
      NodeLabel.processor.filter { $0.hasSuffix("/") }
      + [NodeLabel.machineType, NodeLabel.enlightenment, NodeLabel.timer]
    var counts: [String: Int] = [:]
    var lines: [String] = []
    for (label, value) in labels {
      if let prefix = prefixes.first(where: label.hasPrefix) {
        counts[prefix, default: 0] += 1
      } else {
        lines.append("\(label)=\(value)")
      }
    }
    // One alone takes no more room than its number.
    for (label, value) in labels {
      guard let prefix = prefixes.first(where: label.hasPrefix), counts[prefix] == 1 else {
        continue
      }
      lines.append("\(label)=\(value)")
    }
    return lines.sorted() + counts.filter { $0.value > 1 }.map { "\($0)... (\($1))" }.sorted()
  }

  /// Its roles, of its labels (`node-role.kubernetes.io/ROLE`).
  package var roles: [String] {
    let prefix = "node-role.kubernetes.io/"
    return labels.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      .sorted()
  }
}

extension LabSnapshot {
  /// The nodes of a lab, in the order in which they were named.
  func nodes(_ plan: LabPlan) -> [NodeSummary] {
    plan.nodeFiles.map { name, files in
      let node = objects[ObjectKey(.nodes, namespace: "", name: name)] ?? .mapping()
      let uplinks = node["metadata", "annotations", JoinedUplink.annotation]?.string ?? ""
      return NodeSummary(
        name: name,
        state: NodePower(of: node) == .off ? "Off" : LabStatus.readiness(of: name, in: self),
        isSchedulable: node["spec", "unschedulable"]?.boolean != true,
        labels: node["metadata", "labels"]?.strings ?? [:],
        taints: (node["spec", "taints"]?.items ?? []).map { taint in
          (taint["key"]?.string ?? "") + (taint["value"]?.string.map { "=\($0)" } ?? "") + ":"
            + (taint["effect"]?.string ?? "")
        },
        allocatable: node["status", "allocatable"]?.strings ?? [:],
        uplinks: uplinks.split(separator: " ").dropFirst().map(String.init),
        machines: plan.machines.filter {
          objects[$0.instanceKey]?["status", "nodeName"]?.string == name
        }.map(\.name), libvirtURI: files.libvirtURI)
    }
  }
}

extension LabClient {
  /// The lab's nodes.
  package func nodes() async throws -> [NodeSummary] {
    let snapshot = try await snapshot()
    return snapshot.nodes(try snapshot.plan(lab: lab))
  }

  /// The agents that are not there: of nodes that have ended or have no power, or the fabric's.
  package func endedAgents() async throws -> Set<String> {
    let snapshot = try await snapshot()
    let parts = try snapshot.all(LabPart.resource).map { try $0.object.decoded(as: LabPart.self) }
    let ended = parts.filter { $0.spec.isNode == true && $0.hasEnded }.map(\.spec.title)
    let dark = snapshot.nodes(try snapshot.plan(lab: lab)).filter { $0.state == "Off" }
    return Set(ended + dark.map(\.name))
  }

  /// One of the lab's nodes.
  ///
  /// - Throws: ``LabHostError`` when there is none of this name.
  package func node(_ name: String) async throws -> NodeSummary {
    let nodes = try await nodes()
    guard let node = nodes.first(where: { $0.name == name }) else {
      throw LabHostError(
        .request,
        "the lab \(lab) has no node \(name.debugDescription); it has "
          + nodes.map(\.name).joined(separator: ", "))
    }
    return node
  }

  /// Changes a node.
  ///
  /// - Returns: the node then.
  /// - Throws: ``LabHostError`` when there is none of this name, or in the API's words.
  package func change(node name: String, _ edits: [NodeEdit]) async throws -> NodeSummary {
    _ = try await node(name)
    try await api.change(ObjectKey(.nodes, namespace: "", name: name), status: false) { node in
      edits.reduce(false) { $1.apply(to: &node) || $0 }
    }
    return try await node(name)
  }

  /// Takes a node's power away, or gives it back, and waits until that is done.
  ///
  /// - Returns: the node then.
  /// - Throws: ``LabHostError`` when there is none of this name, when it is the lab's only one, and when
  ///   it does not start within two minutes.
  package func power(_ power: NodePower, node name: String) async throws -> NodeSummary {
    guard try await nodes().count > 1 else {
      throw LabHostError(
        .lab,
        "the only node of a lab has the lab's network and servers, and keeps its power: `pxelab down` "
          + "ends the lab, `pxelab power` and `pxelab restart` are for machines")
    }
    let node = ObjectKey(.nodes, namespace: "", name: name)
    // Each life of the agent says anew what it has plugged in.
    let former = try await api.get(node)?["metadata", "annotations", JoinedUplink.annotation]?
      .string
    guard try await self.node(name).state == "Off" || power == .off else {
      return try await self.node(name)
    }
    _ = try await change(node: name, [.power(power)])
    let key = ObjectKey(
      LabPart.resource, namespace: LabPart.namespace, name: LabPart.name(of: name))
    let wanted = power == .on ? LabPart.State.running : .off
    _ = try await wait(for: key, within: .seconds(30)) { part in
      part?["status", "state"]?.string == wanted.rawValue ? true : nil
    }
    if power == .on {
      let isLive: @Sendable (ObjectNode?) -> Bool? = { node in
        let said = node?["metadata", "annotations", JoinedUplink.annotation]?.string
        return said != nil && said != former ? true : nil
      }
      _ = try await wait(for: node, within: .seconds(120), isLive)
    }
    return try await self.node(name)
  }

  /// Takes the machines off a node, which is cordoned first: a VirtualMachine starts again on another
  /// node; an instance without one is deleted, for good.
  ///
  /// - Parameter force: whether instances without a VirtualMachine are deleted.
  /// - Returns: the machines that were taken off.
  /// - Throws: ``LabHostError`` when there is such an instance and it may not be deleted.
  package func drain(node name: String, force: Bool) async throws -> [String] {
    let summary = try await change(node: name, [.schedulable(false)])
    let snapshot = try await snapshot()
    let machines = try snapshot.plan(lab: lab).machines.filter {
      summary.machines.contains($0.name)
    }
    let alone = machines.filter { machine in
      snapshot.objects[
        ObjectKey(.virtualMachines, namespace: machine.key.namespace, name: machine.key.name)]
        == nil
    }
    guard force || alone.isEmpty else {
      throw LabHostError(
        .lab,
        "\(name) is cordoned, and nothing was taken off it: "
          + alone.map(\.name).joined(separator: ", ")
          + (alone.count == 1 ? " is an instance" : " are instances")
          + " without a VirtualMachine, and nothing would start them again; --force deletes them")
    }
    for machine in machines { try await api.delete(machine.instanceKey) }
    for machine in machines {
      let former = snapshot.objects[machine.instanceKey]?["metadata", "uid"]
      // A guest has its instance's terminationGracePeriodSeconds.
      _ = try await wait(for: machine.instanceKey, within: .seconds(180)) { instance in
        instance?["metadata", "uid"] == former ? nil : true
      }
    }
    return machines.map(\.name)
  }
}
