import Objects

@testable import Reconciliation

let machineKey = ObjectKey(.virtualMachines, namespace: "default", name: "pxe")
let instanceKey = ObjectKey(.virtualMachineInstances, namespace: "default", name: "pxe")
let nodeKey = ObjectKey(.nodes, namespace: "", name: "node01")
let labKey = ObjectKey(.labs, namespace: "", name: "lab")

let instanceSpec: ObjectNode = [
  "domain": ["devices": .mapping(), "memory": ["guest": "1Gi"]]
]

func machine(_ strategy: String, status: ObjectNode? = nil) -> ObjectNode {
  var machine: ObjectNode = [
    "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine", "metadata": .mapping(),
    "spec": [
      "runStrategy": .text(strategy),
      "template": [
        "metadata": ["labels": ["app": "pxe"], "annotations": ["note": "kept"]],
        "spec": instanceSpec,
      ],
    ],
  ]
  machine["status"] = status
  return machine
}

func node(isReady: Bool = true, labels: ObjectNode = ["kubevirt.io/schedulable": "true"])
  -> ObjectNode
{
  [
    "apiVersion": "v1", "kind": "Node", "metadata": ["labels": labels], "spec": .mapping(),
    "status": ["conditions": [["type": "Ready", "status": isReady ? "True" : "False"]]],
  ]
}

/// An instance that nobody has made for a machine.
func instance(_ spec: ObjectNode = instanceSpec) -> ObjectNode {
  [
    "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachineInstance", "metadata": .mapping(),
    "spec": spec,
  ]
}

extension World {
  /// The launcher pods that are there.
  var pods: [(key: ObjectKey, object: ObjectNode)] { objects(of: .pods, namespace: nil) }

  /// What a node's agent writes of a launcher pod that is ready.
  mutating func makeReady(_ pod: ObjectKey) throws {
    try change(pod) { pod in
      pod["status", "phase"] = "Running"
      pod["status", "containerStatuses"] = [
        ["name": "compute", "state": ["running": .mapping()]]
      ]
      pod.setCondition(["type": "Ready", "status": "True"])
    }
  }

  /// What a node's agent writes of a guest.
  mutating func setPhase(_ phase: InstancePhase) throws {
    let now = self.now
    try change(instanceKey) { $0.setPhase(phase, at: now) }
  }

  /// What a node's agent writes when nothing of a launcher pod runs any more.
  mutating func finish(_ pod: ObjectKey, _ phase: String = "Succeeded") throws {
    try change(pod) { $0["status", "phase"] = .text(phase) }
  }

  /// What the subresources write.
  mutating func request(_ requests: ObjectNode...) throws {
    try change(machineKey) { machine in
      let before = machine["status", "stateChangeRequests"]?.items ?? []
      machine["status", "stateChangeRequests"] = .sequence(before + requests)
    }
  }

  var status: String? { object(machineKey)?["status", "printableStatus"]?.string }
  var phase: String? { object(instanceKey)?["status", "phase"]?.string }
}
