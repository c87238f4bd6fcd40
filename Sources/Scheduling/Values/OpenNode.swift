import KubeVirt
import Objects

/// A node of a lab, of whose size nothing is known: what its object does not mention is there, as far as
/// a pod asks for it. What the object says counts.
package enum OpenNode {
  /// Labels of what a lab leaves out: it gives no machine a processor of its own, and none real time.
  private static let leftOut = ["kubevirt.io/cpumanager", "kubevirt.io/realtime"]

  /// The node for a pod.
  package static func filled(_ node: ObjectNode, for pod: ObjectNode) -> ObjectNode {
    var node = node
    let labels = APIValue(node)["metadata"]["labels"].texts
    for (label, value) in APIValue(pod)["spec"]["nodeSelector"].texts
    where labels[label] == nil && leftOut.contains(label) {
      node["metadata", "labels", label] = .text(value)
    }
    fillAmounts(&node, for: pod)
    return node
  }

  private static func fillAmounts(_ node: inout ObjectNode, for pod: ObjectNode) {
    let status = APIValue(node)["status"]
    let written = status["allocatable"].exists ? status["allocatable"] : status["capacity"]
    var amounts = written.node ?? .mapping()
    guard amounts.isMapping else { return }
    var asked: [(String, String)] = [
      ("cpu", "1M"), ("memory", "1Pi"), ("pods", "100k"), ("ephemeral-storage", "1Pi"),
    ]
    let spec = APIValue(pod)["spec"]
    for container in spec["containers"].items + spec["initContainers"].items {
      for list in ["requests", "limits"] {
        for name in container["resources"][list].keys { asked.append((name, "1M")) }
      }
    }
    for (name, amount) in asked where amounts[name] == nil { amounts[name] = .text(amount) }
    node["status", "allocatable"] = amounts
  }
}
