import KubeVirt
import Objects

/// A node as the scheduler sees it.
package final class Node: Sendable {
  /// The node's name.
  package let name: String
  /// The node's labels.
  package let labels: [String: String]
  /// The node's taints in order.
  package let taints: [Taint]
  /// Whether it is cordoned.
  package let isUnschedulable: Bool
  /// What pods may use of it.
  package let allocatable: ResourceAmounts
  /// The sizes in bytes of images that are there, by each of their names.
  let images: [String: Int64]

  /// A node as the API server has it.
  package init(_ object: ObjectNode) {
    let root = APIValue(object)
    name = root["metadata"]["name"].string
    labels = root["metadata"]["labels"].texts
    taints = root["spec"]["taints"].items.map(Taint.init)
    isUnschedulable = root["spec"]["unschedulable"].boolean ?? false
    allocatable = ResourceAmounts(root["status"]["allocatable"])
    var images: [String: Int64] = [:]
    for image in root["status"]["images"].items {
      for name in image["names"].strings {
        images[name] = min(Int64(image["sizeBytes"].integer), 1 << 50)
      }
    }
    self.images = images
  }
}
