import Parts
import Planning

/// A bridge of a lab that can be listened on.
package struct CapturePlace: Sendable {
  /// The device on which frames have their tags.
  package var device: String
  /// What people call it: `bridge br1`, `node02's br1`.
  package var title: String
  /// The file that says which process's network namespace it is in, as the sandbox sees it; `nil` of what
  /// is in the sandbox's own.
  private let note: String?
  /// The node's name.
  private let node: String

  init(device: String, title: String, note: String?, node: String) {
    self.device = device
    self.title = title
    self.note = note
    self.node = node
  }

  /// The file of its network namespace, for a process inside the sandbox.
  ///
  /// - Returns: `nil` of the sandbox's own.
  /// - Throws: ``LabHostError`` for a node that has no power.
  package func networkNamespace() throws -> String? {
    guard let note else { return nil }
    guard let process = PartNote(path: note).processNumber else {
      throw LabHostError(.request, "\(node) has no power, and nothing is captured there")
    }
    return "/proc/\(process)/ns/net"
  }
}

extension LabClient {
  /// The bridges of a lab's nodes, and of the fabric between several.
  ///
  /// - Throws: as ``plan()``.
  package func capturePlaces() async throws -> [CapturePlace] {
    let snapshot = try await snapshot()
    return try snapshot.plan(lab: lab).roles.flatMap { role -> [CapturePlace] in
      let plan = try snapshot.plan(lab: lab, role: role)
      let note: String? =
        if case .node(let name) = role { plan.paths.agentNote(name) } else { nil }
      return plan.dataplane.bridges.map { bridge in
        CapturePlace(
          device: bridge.captureDevice,
          title: role.isPart ? role.title(ofBridge: bridge.name) : "bridge \(bridge.name)",
          note: note, node: role.agent ?? "")
      }
    }
  }
}
