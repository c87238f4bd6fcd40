import KubeVirt
import Objects
import Scheduling
import Testing

/// Placement without a cluster.
@Suite struct ScheduleRunTests {
  private func input(_ text: String) -> ScheduleInput {
    ScheduleInput(
      ManifestFile(path: "cluster.yaml", text: text).documents, cluster: ClusterSettings())
  }

  private static let machine = """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachineInstance
    metadata: {name: vm}
    spec: {domain: {devices: {}, memory: {guest: 1Gi}}}
    ---

    """

  @Test func bareNodesAreFilledIn() {
    let input = input(
      Self.machine + """
        apiVersion: v1
        kind: Node
        metadata: {name: n2}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1, labels: {kubernetes.io/arch: arm64}}
        """)
    #expect(input.problems.isEmpty)
    #expect(input.notes.count == 2)
    let run = ScheduleRun(input, release: .v1_36, keepsPlacements: true)
    #expect(run.results.map(\.node) == ["n2"])
    #expect(run.nodeNames == ["n1", "n2"])
    let verdicts = run.tree["machines"]?.item(0)?["nodes"]
    #expect(verdicts?["n1", "plugin"] == "NodeAffinity")
    #expect(verdicts?["n2"] == ["ok": true])
    #expect(run.results.map(\.waitingPod) == [nil])
  }

  /// What asks in vain is kept beside the verdicts, for words about the labels that no node has.
  @Test(arguments: [true, false])
  func aPodWithoutANodeIsKept(_ keepsPlacements: Bool) {
    let run = ScheduleRun(
      input(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p}
        spec:
          nodeSelector: {zone: east}
          containers: [{name: c, image: i}]
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        """), release: .v1_36, keepsPlacements: keepsPlacements)
    #expect(run.results.map(\.node) == [nil])
    #expect(
      run.results.first?.waitingPod?["spec", "nodeSelector", "zone"]?.string
        == (keepsPlacements ? "east" : nil))
    #expect(run.nodes.compactMap { $0["metadata", "name"]?.string } == ["n1"])
  }

  @Test func whatAClusterPrintsIsTakenAsItIs() {
    let input = input(
      Self.machine + """
        apiVersion: v1
        kind: List
        items:
        - apiVersion: v1
          kind: Node
          metadata: {name: n1, uid: 0f3c, managedFields: [{manager: kubelet}]}
          status:
            allocatable: {cpu: "4", memory: 8Gi, pods: "110"}
            nodeInfo: {kubeletVersion: v1.34.1}
        """)
    #expect(input.problems.isEmpty && input.notes.isEmpty)
    let run = ScheduleRun(input, release: .v1_34, keepsPlacements: false)
    #expect(
      run.results.first?.message?.hasPrefix(
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.") == true)
  }

  @Test(
    arguments: [
      ("{name: n1, labels: {a: b c}}", "spec: {}", "metadata.labels"),
      ("{name: n1}", "spec: {taints: [{key: a, effect: Never}]}", "spec.taints[0].effect"),
      ("{name: n1}", "spec: {taint: []}", "spec.taint"),
      ("{name: n1}", "status: {capacity: {memory: 4GB1}}", "status.capacity.memory"),
      ("{name: n1}", "status: {capacity: {memory: -1Gi}}", "status.allocatable.memory"),
    ])
  func badNodesAreRefusedWithTheirPlace(metadata: String, rest: String, field: String) {
    let input = input("apiVersion: v1\nkind: Node\nmetadata: \(metadata)\n\(rest)\n")
    #expect(input.problems.map(\.field).contains(field))
    #expect(input.problems.allSatisfy { $0.location?.file == "cluster.yaml" })
  }

  @Test func twoNodesOfOneName() {
    let node = "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\n---\n"
    let problems = input(node + node).problems
    #expect(problems.map(\.field) == ["metadata.name"])
    #expect(problems.first?.location?.line == 7)
    #expect(problems.first?.message.contains("cluster.yaml:1:1") == true)
  }

  @Test func machinesComeOneAfterTheOther() {
    let text = (1...3).map { index in
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: p\(index)}
      spec: {containers: [{name: c, image: i, resources: {requests: {memory: 600Mi}}}]}
      ---

      """
    }.joined()
    let nodes = """
      apiVersion: v1
      kind: Node
      metadata: {name: n1}
      status: {capacity: {cpu: 4, memory: 1Gi}}
      ---
      apiVersion: v1
      kind: Node
      metadata: {name: n2}
      status: {capacity: {cpu: 4, memory: 1Gi}}
      """
    let run = ScheduleRun(input(text + nodes), release: .v1_36, keepsPlacements: false)
    #expect(run.results.map(\.node) == ["n1", "n2", nil])
    #expect(run.results[0].ties == ["n1", "n2"])
    #expect(
      run.results[2].message
        == "0/2 nodes are available: 2 Insufficient memory. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
    )
  }
}
