import Objects
import Testing

@testable import LabManifest

@Suite("A lab's nodes") struct LabNodeTests {
  private static let machine = """
    apiVersion: kubevirt.io/v1
    kind: VirtualMachineInstance
    metadata: {name: m}
    spec: {domain: {memory: {guest: 1Gi}, devices: {}}}
    """

  private func input(_ nodes: String, _ more: String = "") -> LabInput {
    LabInput(
      files: [
        (
          "lab.yaml",
          """
          apiVersion: pxelab.dev/v1alpha1
          kind: Lab
          metadata: {name: lab}
          spec: {\(nodes.isEmpty ? "" : "nodes: \(nodes)")}
          ---
          \(Self.machine)
          \(more)
          """
        )
      ], folderName: "lab")
  }

  @Test(arguments: [
    ("", ["node01"]), ("1", ["node01"]), ("3", ["node01", "node02", "node03"]),
    ("[{name: a}, {name: b.example}]", ["a"]), ("[{name: a}, {name: b}]", ["a", "b"]),
  ])
  func names(_ nodes: String, _ names: [String]) {
    let input = input(nodes)
    #expect(input.nodes.map(\.name).prefix(names.count) == names[...])
  }

  @Test func aNodeIsWhatTheLabSaysOfIt() throws {
    let input = input(
      "[{name: a, labels: {zone: east}, taints: [{key: k, effect: NoSchedule}], capacity: {cpu: 4}}]"
    )
    #expect(input.problems.isEmpty)
    let node = try #require(input.nodes.first)
    #expect(node.labels["zone"] == "east" && node.labels["kubernetes.io/hostname"] == "a")
    #expect(node.labels["node-role.kubernetes.io/worker"] == "")
    #expect(node.object["spec", "taints"]?.items.first?["key"] == "k")
    #expect(node.object["status", "allocatable", "cpu"]?.string == "4")
  }

  @Test func manifestsOfNodesAreNodes() throws {
    let input = input(
      "",
      """
      ---
      apiVersion: v1
      kind: List
      items:
      - {apiVersion: v1, kind: Node, metadata: {name: worker-0.lab, labels: {zone: west}}}
      - {apiVersion: v1, kind: Node, metadata: {name: worker-1.lab}}
      """)
    #expect(input.problems.isEmpty, "\(input.problems)")
    #expect(input.nodes.map(\.name) == ["worker-0.lab", "worker-1.lab"])
    #expect(input.nodes[0].labels["zone"] == "west")
    #expect(
      input.nodes[0].labels["node-role.kubernetes.io/worker"] == nil, "its manifest has no role")
    #expect(!input.lab.notices.contains { $0.contains("Node") })
  }

  /// An object that a node's agent has made is completed with what lab.yaml says of the node.
  @Test func oneNodeIsDescribedInTwoPlaces() throws {
    let input = input(
      "[{name: a, labels: {zone: east, rack: r1}}, {name: b}]",
      """
      ---
      {apiVersion: v1, kind: Node, metadata: {name: a, labels: {zone: west}}}
      """)
    #expect(input.nodes.map(\.name) == ["a", "b"])
    #expect(input.nodes[0].labels["zone"] == "west" && input.nodes[0].labels["rack"] == "r1")
  }

  /// A lab of a machine has one error with these words, or none.
  private func expect(
    _ words: String?, ofSpec spec: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
  ) {
    let input = LabInput(
      files: [
        (
          "lab.yaml",
          """
          apiVersion: pxelab.dev/v1alpha1
          kind: Lab
          metadata: {name: lab}
          spec: \(spec)
          ---
          \(Self.machine)
          """
        )
      ], folderName: "lab")
    let errors = input.problems.filter { $0.severity == .error }
    #expect(errors.count == (words == nil ? 0 : 1), "\(errors)", sourceLocation: sourceLocation)
    if let words {
      #expect(
        errors.first?.message.contains(words) == true, "\(errors)", sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [
    ("\"1.34\"", nil), ("1.36", nil), ("\"1.33\"", "write one of \"1.34\", \"1.36\""),
    ("latest", "is no release that is known here"),
  ])
  func theReleaseOfKubernetes(_ release: String, _ words: String?) {
    expect(words, ofSpec: "{kubernetes: \(release)}")
  }

  @Test(arguments: [
    ("1", nil), ("7200", nil), ("100000", nil), ("0", "0 is no time scale"),
    ("100001", "from 1 (true time) to 100000"), ("1.5", "expected a whole number"),
    ("fast", "expected a whole number"),
  ])
  func theTimeScale(_ scale: String, _ words: String?) {
    expect(words, ofSpec: "{timeScale: \(scale)}")
  }

  @Test(arguments: [
    ("0", "", "0 is no number of nodes"), ("1000", "", "1000 nodes are too many"),
    ("[{name: a}, {name: a}]", "", "Duplicate value: \"a\""),
    ("[{name: fabric}]", "", "so the lab calls"),
    ("[{name: A}]", "", "a lowercase RFC 1123 label"), ("[{labels: {}}]", "", "name is required"),
    ("[{name: a, labels: {\"bad key\": x}}]", "", "name part must consist of"),
    ("[{name: a, labels: {zone: \"b d\"}}]", "", "a valid label must be an empty string or"),
    ("[{name: a, labels: {zone: 1}}]", "", "write it in quotes"),
    ("[{name: a, labels: [x]}]", "", "expected a mapping"),
    ("[{name: a, taints: {key: k}}]", "", "expected a list"),
    ("[{name: a, taints: [k]}]", "", "expected a mapping"),
    (
      "[{name: a, taints: [{key: k, effect: Sometimes}]}]", "",
      "supported values: \"NoSchedule\", \"PreferNoSchedule\", \"NoExecute\""
    ),
    ("[{name: a, taints: [{key: k}]}]", "", "Required value"),
    (
      "[{name: a, taints: [{key: k, effect: NoSchedule}, {key: k, value: v, effect: NoSchedule}]}]",
      "", "taints must be unique by key and effect pair"
    ),
    ("[{name: a, capacity: {memory: many}}]", "", "write a number with a suffix"),
    (
      "", "---\n{apiVersion: v1, kind: Node, metadata: {name: n}}", "write it in quotes"
    ),
    ("[{name: a, capacity: {memory: -1Gi}}]", "", "must be greater than or equal to 0"),
    (
      "", "---\n{apiVersion: v1, kind: Node, metadata: {name: n1, labels: {zone: \"b d\"}}}",
      "a valid label must be"
    ),
    (
      "",
      "---\n{apiVersion: v1, kind: Node, metadata: {name: n1}, status: {capacity: {cpu: many}}}",
      "write a number with a suffix"
    ),
    (
      "", "---\n{apiVersion: v1, kind: Node, metadata: {name: n1}, spec: {taints: [{key: k}]}}",
      "Required value"
    ),
    (
      "", "---\n{apiVersion: v1, kind: Node, metadata: {name: N_1}}",
      "a lowercase RFC 1123 subdomain"
    ),
    (
      "",
      "---\n{apiVersion: v1, kind: Node, metadata: {name: n1}}\n---\n{apiVersion: v1, kind: Node, metadata: {name: n1}}",
      "Duplicate value: \"n1\""
    ),
  ])
  func wrongNodesAreRefused(_ nodes: String, _ more: String, _ words: String) {
    let errors = input(nodes, more).problems.filter { $0.severity == .error }
    #expect(errors.count == 1 && errors[0].message.contains(words), "\(errors)")
    #expect(errors.first?.location?.line ?? 0 > 0)
  }
}
