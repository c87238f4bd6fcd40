import Addresses
import Kinds
import Objects
import Planning

extension LabStatus {
  /// A lab as its objects say it is.
  ///
  /// - Throws: as ``LabSnapshot/plan(lab:)``; `KindError`.
  init(_ snapshot: LabSnapshot, lab: String) throws {
    let whole = try snapshot.nodePlan(lab: lab)
    let plan = whole.lab
    let parts = try snapshot.all(LabPart.resource).map { try $0.object.decoded(as: LabPart.self) }
    self.init(
      lab: lab, phase: .running, dataplane: plan.dataplane.engine,
      acceleration: plan.acceleration,
      machines: try plan.machines.map { machine in
        try MachineStatus(machine, in: snapshot, obsolete: whole.obsoleteModels)
      },
      servers: plan.servers.map { server in
        ServerStatus(
          attachment: server.attachment, address: server.address, vlan: server.vlan,
          command: server.command?.text,
          failure: parts.first {
            $0.spec.networks == [server.attachment] && $0.status?.state != .running
          }.flatMap(\.trouble))
      }, libvirtURI: plan.nodeFiles.first.map(\.files.libvirtURI) ?? "",
      directory: plan.paths.directory)
    self.parts = parts.map { PartStatus($0) }
    if plan.hasFabric {
      nodes = plan.nodeFiles.map { name, files in
        NodeStatus(
          name: name, state: Self.readiness(of: name, in: snapshot), libvirtURI: files.libvirtURI)
      }
    }
    if !plan.trunks.isEmpty {
      uplinks = Dictionary(
        plan.trunks.map { ($0.interface, $0.bridge) }, uniquingKeysWith: { first, _ in first })
    }
    if parts.contains(where: { $0.status.map { $0.state != .running } ?? false }) {
      phase = .degraded
    }
  }
}

extension LabStatus {
  /// A node's condition Ready, as `kubectl get nodes` prints it.
  static func readiness(of node: String, in snapshot: LabSnapshot) -> String {
    let object = snapshot.objects[ObjectKey(.nodes, namespace: "", name: node)]
    let ready = object?["status", "conditions"]?.items.first { $0["type"]?.string == "Ready" }
    return switch ready?["status"]?.string {
    case "True": "Ready"
    case "Unknown": "Unknown"
    default: "NotReady"
    }
  }
}

extension LabPlan {
  /// Its nodes, with where each has its files.
  package var nodeFiles: [(name: String, files: NodePaths)] {
    roles.filter(\.hasMachines).compactMap { role in
      role.agent.map { ($0, paths.files(of: role)) }
    }
  }
}

extension LabPart {
  /// What is wrong with it, for a person; `nil` while it runs.
  var trouble: String? {
    guard let status, status.state != .running else { return nil }
    return "\(spec.title): \(status.state.rawValue)" + (status.message.map { ": \($0)" } ?? "")
  }
}

extension PartStatus {
  fileprivate init(_ part: LabPart) {
    self.init(
      name: part.spec.title, state: part.status?.state.rawValue ?? "starting",
      restarts: part.status?.restarts ?? 0, message: part.status?.message)
  }
}

extension MachineStatus {
  /// A machine as its objects say it is.
  ///
  /// - Parameter obsolete: the CPU models that the lab calls obsolete; asked only of a machine that waits for a
  ///   node.
  /// - Throws: `KindError`.
  init(
    _ plan: MachinePlan, in snapshot: LabSnapshot, obsolete: @autoclosure () throws -> Set<String>
  ) throws {
    let machineKey = ObjectKey(
      .virtualMachines, namespace: plan.key.namespace, name: plan.key.name)
    let machine = snapshot.objects[machineKey]
    let instance = snapshot.objects[plan.instanceKey]
    let boots = try snapshot.boots(of: plan.key)
    let power = Self.power(of: instance)
    let pending = Self.pendingReason(of: instance)
    let stage =
      pending != nil
      ? "pending"
      : instance == nil && boots.isEmpty ? "halted" : boots.last?.status?.stage ?? "defined"
    let interfaces = instance?["status", "interfaces"]?.items ?? []
    self.init(
      name: plan.name, stage: stage,
      verdict: boots.last?.status?.verdict?.verdict.rawValue,
      interfaces: plan.interfaces.map { interface in
        let known = interfaces.first { $0["name"]?.string == interface.name }
        return Interface(
          name: interface.name, mac: interface.mac, network: interface.attachment ?? "pod",
          vlan: interface.vlan,
          address: known?["ipAddress"]?.string.flatMap { IPv4Address($0) })
      }, console: plan.consoleSocket, consoleLog: plan.consoleLog)
    self.power = power
    node = instance?["status", "nodeName"]?.string
    runStrategy = machine.map(Self.runStrategy) ?? RunStrategy.instance.rawValue
    starts = boots.count
    if let pending {
      let missing = snapshot.missingLabels(of: plan.instanceKey, obsolete: try obsolete())
      reason = ([pending] + missing).joined(separator: " ")
    }
  }

  private static func power(of instance: ObjectNode?) -> String {
    switch instance?["status", "phase"]?.string {
    case "Running":
      return WaitedState.paused.holds(of: instance) ? "paused" : "running"
    case "Failed": return "crashed"
    default: return "off"
    }
  }

  /// Why no node takes an instance; `nil` also while nodes are not ready yet.
  static func pendingReason(of instance: ObjectNode?) -> String? {
    let message = instance?["status", "conditions"]?.items.first {
      $0["type"]?.string == "PodScheduled" && $0["status"]?.string == "False"
    }?["message"]?.string
    guard let message, !message.hasPrefix("no nodes available") else { return nil }
    return message
  }

  /// A VirtualMachine's run strategy; `running` is its older form.
  static func runStrategy(of machine: ObjectNode) -> String {
    machine["spec", "runStrategy"]?.string
      ?? (machine["spec", "running"]?.boolean == true ? "Always" : "Halted")
  }
}
