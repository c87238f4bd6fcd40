import Objects

/// What the subresources start, stop and restart ask for (`status.stateChangeRequests`), one after
/// the other: `{action: Stop, uid: UID}`, `{action: Start, data: {paused: "true"}}`.
struct StateChangeRequest {
  /// The entry.
  let tree: ObjectNode

  var isStart: Bool { tree["action"]?.string == "Start" }

  /// Whether the machine is to be held before its first instruction.
  var startsPaused: Bool { isStart && tree["data", "paused"]?.string == "true" }

  /// What the instance to be started boots from, this once.
  var bootOnce: String? { isStart ? tree["data", Mark.bootOnce]?.string : nil }

  /// Whether it asks to stop this instance.
  func stops(_ instance: ObjectNode) -> Bool {
    tree["action"]?.string == "Stop" && tree["uid"]?.string == instance.uid
  }

  /// A request to start.
  static let start: ObjectNode = ["action": "Start"]

  /// The requests of a machine without those that are done (KubeVirt, isTrimFirstChangeRequestNeeded):
  /// to stop an instance that is there no more, to start one that is there.
  static func pending(of machine: ObjectNode, instance: ObjectNode?) -> [StateChangeRequest] {
    let all = (machine["status", "stateChangeRequests"]?.items ?? []).map(StateChangeRequest.init)
    return Array(
      all.drop { request in
        guard let instance else { return !request.isStart }
        if request.isStart { return !instance.isBeingDeleted && !instance.phase.isFinal }
        return !request.stops(instance)
      })
  }
}

extension ObjectNode {
  mutating func setStateChangeRequests(_ requests: [ObjectNode]) {
    self["status", "stateChangeRequests"] = requests.isEmpty ? nil : .sequence(requests)
  }
}
