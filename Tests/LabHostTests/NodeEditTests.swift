import Objects
import Testing

@testable import LabHost

@Suite("Changes of a node") struct NodeEditTests {
  @Test(arguments: [
    ("zone=east", NodeEdit.label("zone", "east")), ("a.b/zone=", .label("a.b/zone", "")),
    ("zone-", .label("zone", nil)),
  ])
  func labels(_ text: String, _ edit: NodeEdit) throws {
    #expect(try NodeEdit(label: text) == edit)
  }

  @Test(arguments: [
    ("k=v:NoSchedule", NodeEdit.taint(key: "k", value: "v", effect: "NoSchedule")),
    ("k:NoExecute", .taint(key: "k", value: nil, effect: "NoExecute")),
    ("k:NoExecute-", .untaint(key: "k", effect: "NoExecute")),
    ("k-", .untaint(key: "k", effect: nil)),
  ])
  func taints(_ text: String, _ edit: NodeEdit) throws {
    #expect(try NodeEdit(taint: text) == edit)
  }

  @Test(arguments: ["zone", "=x", "zone=a b", "A/b/c=1", "-=1", "UPPER.dns/x=1", ".x=1"])
  func wrongLabelsAreRefused(_ text: String) {
    let error = #expect(throws: LabHostError.self) { try NodeEdit(label: text) }
    #expect(error.map { "\($0)".contains(text) || "\($0)".contains("KEY=VALUE") } == true)
  }

  @Test(arguments: ["k=v", "k:Never", "k=v:", ":NoSchedule", "k=v w:NoSchedule"])
  func wrongTaintsAreRefused(_ text: String) {
    #expect(throws: LabHostError.self) { try NodeEdit(taint: text) }
  }

  @Test func editsAreCarriedOut() throws {
    var node: ObjectNode = ["metadata": ["labels": ["a": "1"]], "spec": .mapping()]
    #expect(try NodeEdit(label: "b=2").apply(to: &node))
    #expect(try !NodeEdit(label: "b=2").apply(to: &node), "it is there already")
    #expect(try NodeEdit(label: "a-").apply(to: &node))
    #expect(node["metadata", "labels"]?.strings == ["b": "2"])
    #expect(try NodeEdit(taint: "k=1:NoSchedule").apply(to: &node))
    #expect(try NodeEdit(taint: "k=2:NoSchedule").apply(to: &node), "one taint of a key and effect")
    #expect(try NodeEdit(taint: "k:NoExecute").apply(to: &node))
    #expect(node["spec", "taints"]?.items.map { $0["value"]?.string } == ["2", nil])
    #expect(try NodeEdit(taint: "k-").apply(to: &node))
    #expect(node["spec", "taints"] == nil)
    #expect(NodeEdit.schedulable(false).apply(to: &node))
    #expect(node["spec", "unschedulable"]?.boolean == true)
    #expect(NodeEdit.schedulable(true).apply(to: &node) && node["spec", "unschedulable"] == nil)
  }
}
