import Objects
import Testing

@testable import Planning

/// What is said of a launcher pod's containers: clients that are made from the API's document refuse one without
/// an image.
@Suite struct ContainerStatusTests {
  @Test func eachContainerThatRunsHasAStatus() {
    var pod: ObjectNode = [
      "spec": [
        "containers": [
          ["name": "compute", "image": "virt-launcher"],
          ["name": "hook-sidecar-0", "image": "hook"],
        ],
        "initContainers": [
          ["name": "container-disk-binary", "image": "virt-launcher"],
          ["name": "guest-console-log", "image": "virt-launcher", "restartPolicy": "Always"],
        ],
      ]
    ]
    ContainerStatus.run(containersOf: &pod, since: "2026-11-30T16:00:00Z")
    func status(_ name: ObjectNode, _ image: ObjectNode) -> ObjectNode {
      [
        "name": name, "image": image, "imageID": image, "ready": true, "started": true,
        "restartCount": 0, "state": ["running": ["startedAt": "2026-11-30T16:00:00Z"]],
      ]
    }
    let main: ObjectNode = [
      status("compute", "virt-launcher"), status("hook-sidecar-0", "hook"),
    ]
    let beside: ObjectNode = [status("guest-console-log", "virt-launcher")]
    #expect(pod["status", "containerStatuses"]?.canonical == main.canonical)
    #expect(pod["status", "initContainerStatuses"]?.canonical == beside.canonical)
  }
}
