import KubeVirt
import Objects
import Scheduling
import Testing

/// What quotas say to pods. The texts are those of apiserver's plugin resourcequota.
@Suite struct QuotaAdmissionTests {
  private static func quota(_ hard: ObjectNode, _ more: ObjectNode = .mapping()) -> ObjectNode {
    var spec = more
    spec["hard"] = hard
    return ["metadata": ["name": "compute"], "spec": spec]
  }

  /// As a launcher pod is: `compute`, and a sidecar that logs the console.
  private static func pod(
    _ name: String = "virt-launcher-m-abcde", memory: ObjectNode = "1312Mi",
    limits: ObjectNode = .mapping(), phase: ObjectNode = "Pending",
    priority: ObjectNode = ""
  ) -> ObjectNode {
    [
      "metadata": ["name": .text(name)],
      "spec": [
        "priorityClassName": priority,
        "containers": [
          [
            "name": "compute",
            "resources": [
              "requests": ["cpu": "100m", "memory": memory, "devices.kubevirt.io/kvm": "1"],
              "limits": limits,
            ],
          ]
        ],
        "initContainers": [
          [
            "name": "guest-console-log", "restartPolicy": "Always",
            "resources": [
              "requests": ["cpu": "5m", "memory": "35M"],
              "limits": ["cpu": "15m", "memory": "60M"],
            ],
          ]
        ],
      ],
      "status": ["phase": phase],
    ]
  }

  private func refusal(_ quota: ObjectNode, _ pod: ObjectNode, _ others: [ObjectNode] = [])
    -> String?
  {
    do throws(Refusal) {
      try QuotaAdmission([quota], pods: others).admit(pod)
      return nil
    } catch {
      return error.message
    }
  }

  private static let start = "pods \"virt-launcher-m-abcde\" is forbidden: "

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var quota: ObjectNode
    var pod: ObjectNode
    var others: [ObjectNode] = []
    var refusal: String?
  }

  static let cases: [Case] = [
    Case(testDescription: "it fits", quota: quota(["pods": "1"]), pod: pod()),
    Case(
      testDescription: "exactly", quota: quota(["requests.memory": "1410731712"]), pod: pod()),
    Case(
      testDescription: "a byte too much", quota: quota(["requests.memory": "1410731711"]),
      pod: pod(),
      refusal: "exceeded quota: compute, requested: requests.memory=1410731712, used:"
        + " requests.memory=0, limited: requests.memory=1410731711"),
    Case(
      testDescription: "the older name", quota: quota(["memory": "2Gi", "cpu": "150m"]), pod: pod(),
      others: [pod("a")],
      refusal: "exceeded quota: compute, requested: cpu=105m,memory=1410731712, used:"
        + " cpu=105m,memory=1410731712, limited: cpu=150m,memory=2Gi"),
    Case(
      testDescription: "the number of pods", quota: quota(["pods": "2"]), pod: pod(),
      others: [pod("a"), pod("b")],
      refusal: "exceeded quota: compute, requested: pods=1, used: pods=2, limited: pods=2"),
    Case(
      testDescription: "what has ended does not count", quota: quota(["pods": "1"]), pod: pod(),
      others: [pod("a", phase: "Succeeded"), pod("b", phase: "Failed")]),
    Case(
      testDescription: "a limit that is not said",
      quota: quota(["limits.cpu": "4", "limits.memory": "4Gi"]), pod: pod(),
      refusal: "failed quota: compute: must specify limits.cpu for: compute; limits.memory for:"
        + " compute"),
    Case(
      testDescription: "limits count", quota: quota(["limits.memory": "2Gi"]),
      pod: pod(limits: ["memory": "2Gi"]),
      refusal: "exceeded quota: compute, requested: limits.memory=2207483648, used:"
        + " limits.memory=0, limited: limits.memory=2Gi"),
    Case(
      testDescription: "devices", quota: quota(["requests.devices.kubevirt.io/kvm": "1"]),
      pod: pod(), others: [pod("a")],
      refusal: "exceeded quota: compute, requested: requests.devices.kubevirt.io/kvm=1, used:"
        + " requests.devices.kubevirt.io/kvm=1, limited: requests.devices.kubevirt.io/kvm=1"),
    Case(
      testDescription: "another scope",
      quota: quota(["pods": "0"], ["scopes": ["BestEffort"]]), pod: pod()),
    Case(
      testDescription: "its scopes",
      quota: quota(["pods": "0"], ["scopes": ["NotBestEffort", "NotTerminating"]]), pod: pod(),
      refusal: "exceeded quota: compute, requested: pods=1, used: pods=0, limited: pods=0"),
    Case(
      testDescription: "another priority class",
      quota: quota(["pods": "0"], selector("In", ["low"])), pod: pod(priority: "high")),
    Case(
      testDescription: "its priority class, and only pods of that count",
      quota: quota(["pods": "1"], selector("In", ["high"])), pod: pod(priority: "high"),
      others: [pod("a"), pod("b", priority: "high")],
      refusal: "exceeded quota: compute, requested: pods=1, used: pods=1, limited: pods=1"),
  ]

  private static func selector(_ relation: String, _ values: [String]) -> ObjectNode {
    [
      "scopeSelector": [
        "matchExpressions": [
          [
            "scopeName": "PriorityClass", "operator": .text(relation),
            "values": .sequence(values.map { .text($0) }),
          ]
        ]
      ]
    ]
  }

  @Test(arguments: cases)
  func whatIsRefused(_ test: Case) {
    #expect(
      refusal(test.quota, test.pod, test.others) == test.refusal.map { Self.start + $0 })
  }
}
