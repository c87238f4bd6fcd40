import Objects
import Testing

@testable import Planning

/// What no node has of what a pod asks.
@Suite struct MissingLabelsTests {
  private static let nodes: [ObjectNode] = [
    [
      "metadata": [
        "labels": [
          "cpu-model.node.kubevirt.io/Haswell": "true", "cpu-feature.node.kubevirt.io/apic": "true",
          "machine-type.node.kubevirt.io/q35": "true", "zone": "east", "rack": "r1",
        ]
      ]
    ],
    [
      "metadata": [
        "labels": [
          "cpu-model.node.kubevirt.io/Penryn": "true", "cpu-feature.node.kubevirt.io/apic": "true",
          "cpu-feature.node.kubevirt.io/aes": "true", "zone": "west",
        ]
      ]
    ],
  ]

  private func forbidding(_ labels: String...) -> ObjectNode {
    [
      "affinity": [
        "nodeAffinity": [
          "requiredDuringSchedulingIgnoredDuringExecution": [
            "nodeSelectorTerms": [
              [
                "matchExpressions": .sequence(
                  labels.map { ["key": .text($0), "operator": "DoesNotExist"] })
              ]
            ]
          ]
        ]
      ]
    ]
  }

  private func reasons(_ spec: ObjectNode) -> [String] {
    MissingLabels(of: ["spec": spec], on: Self.nodes, obsolete: ["Conroe"]).reasons
  }

  @Test(
    arguments: [
      ("cpu-model.node.kubevirt.io/Haswell", nil),
      (
        "cpu-model.node.kubevirt.io/haswell",
        "no node has the CPU model haswell; did you mean Haswell? (names are case-sensitive)"
      ),
      ("cpu-model.node.kubevirt.io/EPYC", "no node has the CPU model EPYC"),
      (
        "cpu-model.node.kubevirt.io/Conroe",
        "CPU model Conroe is one that the cluster calls obsolete (obsoleteCPUModels), so no node has the"
          + " label cpu-model.node.kubevirt.io/Conroe; name a newer model or host-model"
      ),
      (
        "cpu-feature.node.kubevirt.io/tsx", "CPU feature tsx is required, and no node has it"
      ),
      ("machine-type.node.kubevirt.io/pc", "no node has the machine type pc"),
      ("gpu", "no node has the label gpu=true"),
    ] as [(String, String?)])
  func aLabelThatIsAskedFor(_ label: String, _ reason: String?) {
    #expect(reasons(["nodeSelector": [label: "true"]]) == [reason].compactMap { $0 })
  }

  @Test func eachOnAnotherNode() {
    #expect(
      reasons(["nodeSelector": ["zone": "west", "rack": "r1"]]) == [
        "each label of nodeSelector is on some node, and no node has them all"
      ])
  }

  @Test func aLabelThatIsForbidden() {
    #expect(
      reasons(
        forbidding("cpu-feature.node.kubevirt.io/apic", "cpu-feature.node.kubevirt.io/aes"))
        == ["CPU feature apic is forbidden, and every node has it"])
  }
}
