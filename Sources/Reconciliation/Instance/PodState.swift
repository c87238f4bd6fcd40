import Objects

/// What of a launcher pod bears on its instance (KubeVirt, pkg/controller/controller.go).
extension ObjectNode {
  /// Whether nothing of the pod runs any more.
  var isPodFinished: Bool {
    ["Succeeded", "Failed"].contains(self["status", "phase"]?.string ?? "")
  }

  /// The node that the pod is bound to; `nil` before that.
  var podNode: String? {
    self["spec", "nodeName"]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// Whether the pod is finished or about to be (IsPodDownOrGoingDown).
  var isPodGoingDown: Bool {
    isPodFinished || isBeingDeleted
      || containers.contains { $0["name"]?.string == "compute" && $0["state", "terminated"] != nil }
  }

  /// Whether the domain can be started in the pod (IsPodReady): every container is ready, of
  /// `compute` it is enough that it runs.
  var isPodReady: Bool {
    guard !isPodGoingDown, self["status", "phase"]?.string == "Running" else { return false }
    return containers.allSatisfy { container in
      container["name"]?.string == "compute"
        ? container["state", "running"] != nil : container["ready"]?.boolean == true
    }
  }

  private var containers: [ObjectNode] { self["status", "containerStatuses"]?.items ?? [] }
}
