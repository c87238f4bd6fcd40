import Objects

/// What a node writes into an instance's status (KubeVirt's virt-handler, pkg/virt-handler/vm.go).
package enum InstanceStatus {
  /// Moves an instance on to a phase, with the time of it.
  ///
  /// - Returns: whether there was anything to change.
  package static func setPhase(
    _ phase: String, at time: String, in tree: inout ObjectNode
  ) -> Bool {
    guard tree["status", "phase"]?.string != phase else { return false }
    tree["status", "phase"] = .text(phase)
    var times = tree["status", "phaseTransitionTimestamps"]?.items ?? []
    times.append(["phase": .text(phase), "phaseTransitionTimestamp": .text(time)])
    tree["status", "phaseTransitionTimestamps"] = .sequence(times)
    return true
  }

  /// Sets a condition, or takes it away.
  ///
  /// - Returns: whether there was anything to change.
  package static func setCondition(
    _ type: String, _ status: Bool?, reason: String? = nil, message: String? = nil,
    at time: String, in tree: inout ObjectNode
  ) -> Bool {
    var conditions = tree["status", "conditions"]?.items ?? []
    let index = conditions.firstIndex { $0["type"]?.string == type }
    guard let status else {
      guard let index else { return false }
      conditions.remove(at: index)
      tree["status", "conditions"] = .sequence(conditions)
      return true
    }
    let word = status ? "True" : "False"
    var condition: ObjectNode = index.map { conditions[$0] } ?? ["type": .text(type)]
    let isSame =
      condition["status"]?.string == word && condition["reason"]?.string == reason
      && condition["message"]?.string == message
    if isSame { return false }
    if condition["status"]?.string != word { condition["lastTransitionTime"] = .text(time) }
    condition["status"] = .text(word)
    condition["reason"] = reason.map { .text($0) }
    condition["message"] = message.map { .text($0) }
    if let index { conditions[index] = condition } else { conditions.append(condition) }
    tree["status", "conditions"] = .sequence(conditions)
    return true
  }

  /// Writes into a launcher pod that its containers run, by which its instance is handed over to the node
  /// (Kubernetes, pkg/kubelet/status).
  ///
  /// - Returns: whether the pod waited for that.
  package static func takePod(at time: String, in tree: inout ObjectNode) -> Bool {
    guard tree["status", "phase"]?.string ?? "Pending" == "Pending" else { return false }
    tree["status", "phase"] = "Running"
    tree["status", "startTime"] = .text(time)
    for type in ["Initialized", "ContainersReady", "Ready"] {
      _ = setCondition(type, true, at: time, in: &tree)
    }
    ContainerStatus.run(containersOf: &tree, since: time)
    return true
  }

  /// The interfaces as they are: names, MAC addresses, and what servers of the lab gave them.
  package static func setInterfaces(
    _ plan: MachinePlan, addresses: [String: String], in tree: inout ObjectNode
  ) -> Bool {
    let interfaces: [ObjectNode] = plan.interfaces.map { interface in
      var entry: ObjectNode = [
        "name": .text(interface.name), "mac": .text("\(interface.mac)"), "infoSource": "domain",
      ]
      if let address = addresses["\(interface.mac)"] {
        entry["ipAddress"] = .text(address)
        entry["ipAddresses"] = .sequence([.text(address)])
      }
      return entry.canonical
    }
    let new = ObjectNode.sequence(interfaces).canonical
    guard tree["status", "interfaces"]?.canonical != new else { return false }
    tree["status", "interfaces"] = new
    return true
  }
}
