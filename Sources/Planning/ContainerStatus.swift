import Objects

/// What a kubelet says of containers that run (Kubernetes, pkg/kubelet/status). In a lab none does: a launcher
/// pod is a record, and its clients ask for what all containers have.
enum ContainerStatus {
  /// Notes in a pod's status that its containers run: the main ones, and those of the beginning that go on
  /// beside them.
  ///
  /// - Parameter time: since when (RFC 3339).
  static func run(containersOf pod: inout ObjectNode, since time: String) {
    let main = pod["spec", "containers"]?.items ?? []
    let beside = (pod["spec", "initContainers"]?.items ?? []).filter {
      $0["restartPolicy"]?.string == "Always"
    }
    pod["status", "containerStatuses"] = .sequence(main.map { running($0, since: time) })
    guard !beside.isEmpty else { return }
    pod["status", "initContainerStatuses"] = .sequence(beside.map { running($0, since: time) })
  }

  private static func running(_ container: ObjectNode, since time: String) -> ObjectNode {
    let image = container["image"] ?? ""
    return [
      "name": container["name"] ?? "", "image": image, "imageID": image, "ready": true,
      "started": true, "restartCount": 0, "state": ["running": ["startedAt": .text(time)]],
    ]
  }
}
