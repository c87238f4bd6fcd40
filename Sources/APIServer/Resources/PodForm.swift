import KubeVirt
import Objects

/// What an API server fills into a pod before anybody looks at it (kubernetes,
/// pkg/apis/core/v1/defaults.go).
enum PodForm {
  /// A pod with its defaults, and the status that a new one has.
  static func filled(_ tree: ObjectNode) -> ObjectNode {
    var pod = tree
    guard var spec = pod["spec"], spec.isMapping else { return pod }
    for list in ["initContainers", "containers", "ephemeralContainers"] where spec[list] != nil {
      spec[list]?.editItems { _, container in
        let before = container
        fill(&container)
        return container != before
      }
    }
    let fallbacks: [(String, ObjectNode)] = [
      ("dnsPolicy", "ClusterFirst"), ("enableServiceLinks", true), ("restartPolicy", "Always"),
      ("schedulerName", "default-scheduler"), ("securityContext", [:]),
      ("terminationGracePeriodSeconds", 30),
    ]
    for (field, value) in fallbacks where spec[field] == nil { spec[field] = value }
    pod["spec"] = spec
    pod["status"] = ["phase": "Pending", "qosClass": .text(qualityOfService(of: spec))]
    return pod
  }

  private static func fill(_ container: inout ObjectNode) {
    guard container.isMapping else { return }
    let image = container["image"]?.string ?? ""
    // An image that says no tag, or the tag latest, may change.
    let name = image.split(separator: "/").last ?? ""
    let isFixed = image.contains("@") || name.contains(":") && !name.hasSuffix(":latest")
    let fallbacks: [(String, ObjectNode)] = [
      ("imagePullPolicy", isFixed ? "IfNotPresent" : "Always"), ("resources", [:]),
      ("terminationMessagePath", "/dev/termination-log"), ("terminationMessagePolicy", "File"),
    ]
    for (field, value) in fallbacks where container[field] == nil { container[field] = value }
    container["ports"]?.editItems { _, port in
      guard port["protocol"] == nil else { return false }
      port["protocol"] = "TCP"
      return true
    }
  }

  /// `Guaranteed`, `Burstable` or `BestEffort` (kubernetes, pkg/apis/core/v1/helper/qos).
  private static func qualityOfService(of spec: ObjectNode) -> String {
    let containers = (spec["containers"]?.items ?? []) + (spec["initContainers"]?.items ?? [])
    var isAnySaid = false
    var isAllFixed = true
    for container in containers {
      let resources = APIValue(container)["resources"]
      for name in ["cpu", "memory"] {
        let limit = resources["limits"][name].quantity
        let request = resources["requests"][name].quantity ?? limit
        if (limit?.nanos ?? 0) != 0 || (request?.nanos ?? 0) != 0 { isAnySaid = true }
        if limit == nil || limit?.nanos == 0 || request?.nanos != limit?.nanos {
          isAllFixed = false
        }
      }
    }
    guard isAnySaid else { return "BestEffort" }
    return isAllFixed ? "Guaranteed" : "Burstable"
  }
}
