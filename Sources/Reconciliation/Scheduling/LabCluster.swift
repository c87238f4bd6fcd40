import KubeVirt
import Objects
import Scheduling

/// A lab's nodes and pods as a pod's scheduler sees them.
struct LabCluster {
  let scheduler: PodScheduler
  let pod: Pod

  init(for key: ObjectKey, _ pod: ObjectNode, in snapshot: any Snapshot) {
    let admission = PodAdmission(priorityClasses: snapshot.priorityClasses)
    func present(_ key: ObjectKey, _ object: ObjectNode) -> Pod {
      var object = object
      object["metadata", "name"] = .text(key.name)
      object["metadata", "namespace"] = .text(key.namespace)
      return Pod(admission.present(object))
    }
    let nodes = snapshot.objects(of: .nodes, namespace: nil).map { key, object in
      Node(Self.node(object, named: key.name, for: pod))
    }
    self.pod = present(key, pod)
    var namespaces: [String: [String: String]] = [:]
    for (key, object) in snapshot.objects(of: .namespaces, namespace: nil) {
      namespaces[key.name] = object["metadata", "labels"]?.strings ?? [:]
    }
    var scheduler = PodScheduler(
      snapshot: Scheduling.Snapshot(nodes: nodes, namespaces: namespaces),
      release: snapshot.release)
    for (key, object) in snapshot.objects(of: .pods, namespace: nil) {
      guard let node = object.podNode, !object.isPodFinished else { continue }
      scheduler.bind(present(key, object), to: node)
    }
    self.scheduler = scheduler
  }

  /// A node as node controllers have it: one that is not ready has the taint that says so.
  private static func node(_ object: ObjectNode, named name: String, for pod: ObjectNode)
    -> ObjectNode
  {
    var node = OpenNode.filled(object, for: pod)
    node["metadata", "name"] = .text(name)
    if object.isBeingDeleted { node["spec", "unschedulable"] = true }
    if !object.hasCondition("Ready", "True") {
      var taints = node["spec", "taints"] ?? .sequence([])
      taints.append(contentsOf: [
        ["key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"]
      ])
      node["spec", "taints"] = taints
    }
    return NodeAdmission.filled(node)
  }
}

extension Snapshot {
  /// The release of Kubernetes whose rules the lab goes by (`spec.kubernetes`).
  fileprivate var release: Release {
    Release(of: objects(of: .labs, namespace: nil).first?.object)
  }
}
