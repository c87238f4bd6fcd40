import Objects

/// What a node does next with an instance that is bound to it.
package enum InstanceStep: Sendable, Hashable {
  /// Nothing: it is as it should be, or somebody else is to act.
  case none
  /// Its launcher pod is to be called running, so that the instance is handed over.
  case takePod
  /// Its domain is made and started.
  case start
  /// Its domain runs: the instance is to say so.
  case tellRunning
  /// Its domain is gone: the instance ended.
  case tellEnd(hasFailed: Bool)
  /// Its domain is asked to power off, and its power is taken away when its time is over.
  case stop
  /// Its domain's remains are removed.
  case clean
}

/// How an instance's domain is.
package enum DomainCondition: Sendable, Hashable {
  /// libvirt knows none.
  case absent
  /// Its processors run.
  case running
  /// They are stopped.
  case paused
  /// It ended by itself or was powered off by its guest.
  case ended(hasFailed: Bool)
}

extension InstanceStep {
  /// Decides by what the API wants and what libvirt has.
  ///
  /// As KubeVirt's virt-handler does (pkg/virt-handler/vm.go): phases Scheduled, Running, Succeeded and
  /// Failed are the node's, all before are the controllers'.
  ///
  /// - Parameters:
  ///   - instance: the VirtualMachineInstance; `nil` when it is gone.
  ///   - pod: its launcher pod; `nil` when there is none.
  ///   - node: this node.
  ///   - wasStarted: whether this node has started the instance before, by its own record.
  package init(
    instance: ObjectNode?, pod: ObjectNode?, node: String, domain: DomainCondition, wasStarted: Bool
  ) {
    guard let instance else {
      self = domain == .absent ? .none : .stop
      if case .ended = domain { self = .clean }
      return
    }
    let phase = instance["status", "phase"]?.string ?? ""
    let isMine = pod?["spec", "nodeName"]?.string == node
    let podPhase = pod?["status", "phase"]?.string ?? "Pending"
    let isPodFinished = podPhase == "Succeeded" || podPhase == "Failed"
    // An eviction deletes the launcher pod alone, whose end is then the guest's.
    let isEvicted = isMine && pod?["metadata", "deletionTimestamp"]?.string != nil
    let isDeleted = instance["metadata", "deletionTimestamp"]?.string != nil || isEvicted
    switch phase {
    case "Succeeded", "Failed":
      // What its domain was like can be asked for until the instance goes.
      if domain == .running || domain == .paused {
        self = .stop
      } else {
        self = isMine && !isPodFinished ? .tellEnd(hasFailed: phase == "Failed") : .none
      }
    case "Running":
      switch domain {
      case .ended(let hasFailed): self = .tellEnd(hasFailed: hasFailed)
      // Its record is gone with a libvirtd: nobody knows how it ended.
      case .absent: self = .tellEnd(hasFailed: true)
      case .running, .paused: self = isDeleted ? .stop : .none
      }
    case "Scheduled" where instance["status", "nodeName"]?.string == node:
      switch domain {
      case .absent where wasStarted: self = .tellEnd(hasFailed: true)
      case .absent: self = isDeleted ? .tellEnd(hasFailed: false) : .start
      case .running, .paused: self = .tellRunning
      case .ended(let hasFailed): self = .tellEnd(hasFailed: hasFailed)
      }
    default:
      if !isMine || isPodFinished {
        self = .none
      } else if isDeleted {
        self = .tellEnd(hasFailed: false)
      } else {
        self = podPhase == "Pending" ? .takePod : .none
      }
    }
  }
}
