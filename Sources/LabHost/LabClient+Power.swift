import FileSystem
import Kinds
import KubeVirt
import Objects
import Planning

extension LabClient {
  /// Switches a machine.
  ///
  /// - Returns: the machine as it is then, and what a person should know.
  /// - Throws: ``LabHostError`` with why not.
  package func power(_ name: String, _ request: PowerRequest) async throws -> MachineAnswer {
    let snapshot = try await snapshot()
    let plan = try snapshot.plan(lab: lab)
    guard let machine = plan.machines.first(where: { $0.name == name }) else {
      throw LabHostError(
        .request,
        "the lab \(lab) has no machine \(name); it has "
          + plan.machines.map(\.name).joined(separator: ", "))
    }
    let switching = MachineSwitch(client: self, machine: machine, snapshot: snapshot)
    // Before the power is taken away, what comes after must be possible.
    let notices = try request.bootOnce.map { [try switching.notice(of: $0)] } ?? []
    try await switching.perform(request)
    let after = try await self.snapshot()
    let status = try MachineStatus(
      machine, in: after, obsolete: after.nodePlan(lab: lab).obsoleteModels)
    return MachineAnswer(machine: status, notices: notices)
  }
}

/// One switching of a machine: a VirtualMachine's by its subresources, an instance's of its own by the
/// node, or by making it anew.
private struct MachineSwitch: Sendable {
  let client: LabClient
  let machine: MachinePlan
  let snapshot: LabSnapshot

  private var name: String { machine.name }
  private var machineKey: ObjectKey {
    ObjectKey(.virtualMachines, namespace: machine.key.namespace, name: machine.key.name)
  }
  private var instanceKey: ObjectKey { machine.instanceKey }
  private var instance: ObjectNode? { snapshot.objects[instanceKey] }
  private var uid: String? { instance?["metadata", "uid"]?.string }

  /// The VirtualMachine's; `nil` of an instance without one.
  private var strategy: RunStrategy? {
    snapshot.objects[machineKey].flatMap {
      RunStrategy(rawValue: MachineStatus.runStrategy(of: $0))
    }
  }

  private var isOn: Bool { instance?["status", "phase"]?.string == "Running" }
  private var isPaused: Bool { WaitedState.paused.holds(of: instance) }

  func perform(_ request: PowerRequest) async throws {
    if let reason = MachineStatus.pendingReason(of: instance) {
      throw LabHostError(.lab, "\(name) is Pending: \(reason)")
    }
    switch request.action {
    case .on:
      if isPaused { throw refusal("paused: `pxelab resume \(name)` lets it go on") }
      if isOn { throw LabHostError(.lab, "\(name) runs already") }
      try await start(request.bootOnce)
    case .cycle:
      // Stopping makes it Halted, from which it would start as Always.
      if strategy == .once {
        throw LabHostError(
          .lab, "\(name) is left as it is: Once does not support manual start requests")
      }
      if isOn, !request.isSoft, let strategy, strategy != .halted {
        return try await start(request.bootOnce, by: "restart", ["gracePeriodSeconds": 0])
      }
      if isOn {
        try await end(softly: request.isSoft, within: request.patienceSeconds, forGood: false)
      }
      try await start(request.bootOnce)
    case .off:
      guard isOn else { throw refusal("off already") }
      try await end(softly: false, within: 0, forGood: true)
    case .shutdown:
      guard isOn else { throw refusal("off already") }
      try await end(softly: true, within: request.patienceSeconds, forGood: true)
    case .reset:
      guard isOn else { throw refusal("off") }
      try await client.perform(.reset, on: name)
    case .pause:
      guard isOn else { throw refusal("off") }
      try await client.perform(.pause, on: name)
      try await waitForInstance { WaitedState.paused.holds(of: $0) }
    case .resume:
      guard isOn else { throw refusal("off") }
      try await client.perform(.resume, on: name)
      try await waitForInstance { !WaitedState.paused.holds(of: $0) }
    }
  }

  /// What the firmware will be told.
  ///
  /// - Throws: ``LabHostError`` when it cannot be.
  func notice(of target: BootTarget) throws -> String {
    do {
      return try target.set(on: machine) { path in
        // Before its first start a machine has what its store will begin as.
        let template = machine.variableStore?.template ?? path
        return [UInt8](try Files.read(Files.exists(path) ? path : template))
      }.notice
    } catch let error as BootTargetError {
      throw LabHostError(.lab, error.description)
    }
  }

  private func refusal(_ state: String) -> LabHostError {
    LabHostError(.lab, "\(name) is \(state)")
  }

  private func waitForInstance(
    within limit: Duration = .seconds(30), _ isRight: @escaping @Sendable (ObjectNode?) -> Bool
  ) async throws {
    _ = try await client.wait(for: instanceKey, within: limit) { isRight($0) ? true : nil }
  }

  /// Starts the machine as KubeVirt makes a new instance.
  private func start(
    _ bootOnce: BootTarget?, by subresource: String = "start", _ body: ObjectNode = [:]
  ) async throws {
    let annotations = bootOnce.map { [bootOnceAnnotation: $0.rawValue] } ?? [:]
    let former = uid
    if snapshot.objects[machineKey] != nil {
      var body = body
      if let bootOnce { body["bootOnce"] = .text(bootOnce.rawValue) }
      try await ask(subresource, body)
    } else if let instance = try await client.api.get(instanceKey) {
      try await makeAnew(instance, annotations)
    }
    try await waitForInstance(within: .seconds(60)) { instance in
      guard let instance, instance["metadata", "uid"]?.string != former else { return false }
      return ["Running", "Failed", "Succeeded"].contains(instance["status", "phase"]?.string ?? "")
        || MachineStatus.pendingReason(of: instance) != nil
    }
    guard let instance = try await client.api.get(instanceKey),
      instance["status", "phase"]?.string == "Failed",
      let reason = instance["status", "conditions"]?.items.first(where: {
        $0["type"]?.string == "Synchronized" && $0["status"]?.string == "False"
      })?["message"]?.string
    else { return }
    throw LabHostError(.lab, "\(name) does not start: \(reason)")
  }

  /// An instance without a VirtualMachine is deleted and made again.
  private func makeAnew(_ instance: ObjectNode, _ annotations: [String: String]) async throws {
    try await client.api.delete(instanceKey)
    try await waitForInstance { $0 == nil }
    var tree = instance
    tree["status"] = nil
    var metadata: ObjectNode = [
      "name": .text(machine.key.name), "namespace": .text(machine.key.namespace),
    ]
    for name in ["labels", "annotations"] {
      // What KubeVirt's controllers have written is theirs.
      for entry in instance["metadata", name]?.entries ?? []
      where !entry.key.hasPrefix("kubevirt.io/") {
        metadata[name, entry.key] = entry.value
      }
    }
    for (name, value) in annotations { metadata["annotations", name] = .text(value) }
    if annotations.isEmpty { metadata["annotations", bootOnceAnnotation] = nil }
    tree["metadata"] = metadata
    _ = try await client.api.create(instanceKey, tree)
  }

  /// Ends the machine; returns when it is off.
  ///
  /// - Parameter forGood: whether its run strategy is to leave it off.
  private func end(softly: Bool, within patience: Double, forGood: Bool) async throws {
    if softly, isPaused {
      throw refusal("paused, and its guest hears of no power button: `pxelab resume \(name)` first")
    }
    let former = uid
    if softly {
      try await client.perform(.powerButton, on: name)
    } else if snapshot.objects[machineKey] == nil {
      try await client.perform(.powerOff, on: name)
    }
    if snapshot.objects[machineKey] != nil, forGood || !softly {
      // A guest that was asked by its power button needs no second request.
      try await ask("stop", ["gracePeriod": .integer(softly ? Int(patience.rounded(.up)) : 0)])
    }
    do {
      try await waitForInstance(within: .seconds(softly ? patience : 30)) { instance in
        instance?["metadata", "uid"]?.string != former
          || ["Succeeded", "Failed"].contains(instance?["status", "phase"]?.string ?? "")
      }
    } catch let error as LabHostError where softly && error.cause == .lab {
      throw LabHostError(
        .lab,
        "\(name) did not power off within \(Duration.seconds(patience)): its guest does not heed the"
          + " power button; `pxelab power off \(name)` takes the power away")
    }
  }

  /// Asks the API's subresource of the VirtualMachine (KubeVirt, pkg/virt-api/rest).
  ///
  /// - Throws: ``LabHostError`` in its words.
  private func ask(_ subresource: String, _ body: ObjectNode) async throws {
    let key = ObjectKey(
      GroupResource("virtualmachines", group: "subresources.kubevirt.io"),
      namespace: machineKey.namespace, name: machineKey.name)
    try await client.api.call(key, subresource, body)
  }
}
