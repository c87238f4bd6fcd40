import Objects

/// What people ask of a machine by the subresources start, stop and restart (KubeVirt,
/// pkg/virt-api/rest/lifecycle.go).
package enum PowerRequest: Equatable, Sendable {
  /// It is to run.
  ///
  /// - Parameters:
  ///   - isPaused: whether it is held before its first instruction.
  ///   - bootOnce: what it boots from, this once; `nil` is what its boot order says.
  case start(isPaused: Bool = false, bootOnce: String? = nil)
  /// It is not to run.
  ///
  /// - Parameter gracePeriod: the seconds that its guest has to power off; `nil` is what the
  ///   instance says.
  case stop(gracePeriod: Int? = nil)
  /// Its instance is to be made anew.
  ///
  /// - Parameters:
  ///   - gracePeriod: 0 to give the guest no time; `nil` is what the instance says.
  ///   - bootOnce: what the new one boots from, this once; `nil` is what its boot order says.
  case restart(gracePeriod: Int? = nil, bootOnce: String? = nil)

  /// The changes that ask the machine's controller for it.
  ///
  /// - Throws: ``PowerRefusal``.
  package func changes(
    of key: ObjectKey, in snapshot: any Snapshot
  ) throws(PowerRefusal) -> [Change] {
    guard let machine = snapshot.object(key) else { throw .notFound(key) }
    let strategy: RunStrategy
    do {
      strategy = try RunStrategy(of: machine)
    } catch {
      throw .failed(error.message)
    }
    let instance = snapshot.object(
      ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: key.name))
    let asking = Asking(key: key, machine: machine, strategy: strategy, instance: instance)
    return switch self {
    case .start(let isPaused, let bootOnce): try asking.start(isPaused, bootOnce)
    case .stop(let gracePeriod): try asking.stop(gracePeriod)
    case .restart(let gracePeriod, let bootOnce): try asking.restart(gracePeriod, bootOnce)
    }
  }
}

/// Why people do not get what they ask for, as KubeVirt's API answers it.
package struct PowerRefusal: Error, Equatable, Sendable {
  /// The HTTP status.
  package var code: Int
  /// The word in the field `reason` of a Status.
  package var reason: String
  /// The sentence in the field `message` of a Status.
  package var message: String

  static func notFound(_ key: ObjectKey) -> PowerRefusal {
    PowerRefusal(
      code: 404, reason: "NotFound",
      message: "virtualmachine.kubevirt.io \"\(key.name)\" not found")
  }

  static func conflict(_ key: ObjectKey, _ message: String) -> PowerRefusal {
    PowerRefusal(
      code: 409, reason: "Conflict",
      message: "Operation cannot be fulfilled on virtualmachine.kubevirt.io \"\(key.name)\": "
        + message)
  }

  static func badRequest(_ message: String) -> PowerRefusal {
    PowerRefusal(code: 400, reason: "BadRequest", message: message)
  }

  static func failed(_ message: String) -> PowerRefusal {
    PowerRefusal(
      code: 500, reason: "InternalError", message: "Internal error occurred: \(message)")
  }
}

/// A machine of which something is asked.
private struct Asking {
  let key: ObjectKey
  let machine: ObjectNode
  let strategy: RunStrategy
  let instance: ObjectNode?

  func start(_ isPaused: Bool, _ bootOnce: String?) throws(PowerRefusal) -> [Change] {
    if let instance, !instance.phase.isFinal, instance.phase != .unset, instance.phase != .unknown {
      throw .conflict(key, "VM is already running")
    }
    let start = startRequest(isPaused, bootOnce)
    switch strategy {
    case .halted: return start["data"] == nil ? [run(true)] : [try ask(start)]
    case .manual, .rerunOnFailure:
      guard let instance, instance.phase.isFinal else { return [try ask(start)] }
      guard strategy == .manual || instance.phase == .succeeded else {
        throw .conflict(key, "\(strategy.rawValue) does not support starting VM from failed state")
      }
      return [try ask(stopRequest(instance), start)]
    case .always, .once:
      throw .conflict(key, "\(strategy.rawValue) does not support manual start requests")
    case .waitAsReceiver: return []
    }
  }

  func stop(_ gracePeriod: Int?) throws(PowerRefusal) -> [Change] {
    let running = instance.flatMap { $0.phase.isFinal ? nil : $0 }
    let shortened = running.flatMap { instance in gracePeriod.map { shorten(instance, to: $0) } }
    switch strategy {
    case .always, .once: return (shortened.map { [$0] } ?? []) + [run(false)]
    case .manual, .rerunOnFailure, .halted:
      guard let running else { throw .conflict(key, "VM is not running") }
      if strategy == .halted {
        let before = running["spec", "terminationGracePeriodSeconds"]?.integer
        guard let gracePeriod, before.map({ gracePeriod < $0 }) ?? true else {
          throw .conflict(
            key, "Halted only supports manual stop requests with a shorter graceperiod")
        }
      }
      return (shortened.map { [$0] } ?? []) + [try ask(stopRequest(running))]
    case .waitAsReceiver: return []
    }
  }

  func restart(_ gracePeriod: Int?, _ bootOnce: String?) throws(PowerRefusal) -> [Change] {
    if let gracePeriod, gracePeriod != 0 {
      throw .badRequest(
        gracePeriod > 0
          ? "For force restart, only gracePeriod=0 is supported for now"
          : "gracePeriod has to be greater or equal to 0")
    }
    guard strategy != .halted, strategy != .once else {
      throw .conflict(
        key, "RunStategy \(strategy.rawValue) does not support manual restart requests")
    }
    guard let instance else { throw .conflict(key, "VM is not running: Halted") }
    let shortened = gracePeriod.map { _ in [shorten(instance, to: 1)] } ?? []
    return shortened + [try ask(stopRequest(instance), startRequest(false, bootOnce))]
  }

  private func startRequest(_ isPaused: Bool, _ bootOnce: String?) -> ObjectNode {
    var request = StateChangeRequest.start
    if isPaused { request["data", "paused"] = "true" }
    if let bootOnce { request["data", Mark.bootOnce] = .text(bootOnce) }
    return request
  }

  private func stopRequest(_ instance: ObjectNode) -> ObjectNode {
    ["action": "Stop", "uid": .text(instance.uid)]
  }

  private func shorten(_ instance: ObjectNode, to seconds: Int) -> Change {
    var shortened = instance
    shortened["spec", "terminationGracePeriodSeconds"] = .integer(seconds)
    return .update(
      ObjectKey(.virtualMachineInstances, namespace: key.namespace, name: key.name), shortened)
  }

  /// The machine as one that runs always, or never.
  private func run(_ runs: Bool) -> Change {
    var changed = machine
    if machine["spec", "runStrategy"] != nil {
      changed["spec", "runStrategy"] = .text(
        (runs ? RunStrategy.always : .halted).rawValue)
    } else {
      changed["spec", "running"] = .boolean(runs)
    }
    return .update(key, changed)
  }

  /// Requests for the machine's controller (getChangeRequestJson); one to stop takes the place of all.
  private func ask(_ requests: ObjectNode...) throws(PowerRefusal) -> Change {
    let isStop = requests.count == 1 && requests[0]["action"] == "Stop"
    let isBusy = machine["status", "stateChangeRequests"]?.items.isEmpty == false
    guard isStop || !isBusy else {
      throw .failed("unable to complete request: stop/start already underway")
    }
    var changed = machine
    changed.setStateChangeRequests(requests)
    changed["status", "startFailure"] = nil
    return .updateStatus(key, changed)
  }
}
