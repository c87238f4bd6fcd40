import Kinds
import Objects
import PXEWire

/// Says every second that the node lives (Kubernetes' node leases, coordination.k8s.io).
struct NodeLease: Sendable {
  let agent: NodeAgent

  /// The kind.
  static let resource = GroupResource("leases", group: "coordination.k8s.io")
  /// The namespace of nodes' leases.
  static let namespace = "kube-node-lease"

  /// Renews the lease until cancelled.
  func run() async {
    let name = agent.configuration.name
    let key = ObjectKey(Self.resource, namespace: Self.namespace, name: name)
    let lease: ObjectNode = [
      "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
      "metadata": ["name": .text(name), "namespace": .text(Self.namespace)],
      "spec": [
        "holderIdentity": .text(name), "leaseDurationSeconds": 40,
        "renewTime": .text(Timestamp.now.microTime),
      ],
    ]
    await agent.writer.make(key, lease)
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(1))
      await agent.writer.change(key) { tree in
        tree["spec", "renewTime"] = .text(Timestamp.now.microTime)
        return true
      }
    }
  }
}
