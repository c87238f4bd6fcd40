import Objects

/// An uplink that a node has plugged into the fabric: a device in the fabric's network namespace.
package struct JoinedUplink: Codable, Sendable, Hashable {
  /// The node.
  package var node: String
  /// Which of the node's lives made it: after a node's end its devices are gone, and those of the next
  /// life have the same names.
  package var session: String
  /// The device, at most 15 bytes.
  package var device: String

  /// The annotation of a Node in which its agent says them: the session and the devices, separated by
  /// spaces.
  package static let annotation = "pxelab.dev/uplinks"

  /// Those that a Node's object names.
  static func uplinks(of node: String, _ object: ObjectNode) -> [JoinedUplink] {
    let words = (object["metadata", "annotations", annotation]?.string ?? "").split(separator: " ")
    guard let session = words.first else { return [] }
    return words.dropFirst().map {
      JoinedUplink(node: node, session: String(session), device: String($0))
    }
  }
}

extension LabPlan {
  /// What an agent says of the uplinks that it has plugged in; `nil` where there are none.
  package func joinedUplinks(session: String) -> String? {
    let devices = dataplane.bridges.flatMap(\.ports).filter { $0.peer == .fabric }.map(\.device)
    return devices.isEmpty ? nil : ([session] + devices).joined(separator: " ")
  }
}
