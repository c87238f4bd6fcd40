import Objects
import PXEWire

/// That a node was not started and will not be: its condition Ready is `False` with a reason of its own, so
/// that nobody waits for the node.
package enum NodeRefusal {
  /// The reason, of the event too.
  package static let reason = "NodeNotStarted"

  /// Whether a Node's object says so.
  package static func isOn(_ node: ObjectNode) -> Bool {
    node["status", "conditions"]?.items.contains {
      $0["type"]?.string == "Ready" && $0["reason"]?.string == reason
    } == true
  }

  /// Writes it into a Node's object.
  ///
  /// - Parameters:
  ///   - message: why the node was not started.
  ///   - time: now.
  package static func write(_ message: String, at time: Timestamp, to node: inout ObjectNode) {
    let others = node["status", "conditions"]?.items.filter { $0["type"]?.string != "Ready" } ?? []
    let ready: ObjectNode = [
      "type": "Ready", "status": "False", "reason": .text(reason), "message": .text(message),
      "lastTransitionTime": .text(time.secondTime),
    ]
    node["status", "conditions"] = .sequence(others + [ready])
  }
}
