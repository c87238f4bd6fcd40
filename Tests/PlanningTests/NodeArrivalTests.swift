import Kinds
import LabManifest
import Objects
import PXEWire
import Testing

@testable import Planning

/// Nodes that come to a lab that is up.
@Suite struct NodeArrivalTests {
  @Test(arguments: [
    ("node04", 3, true, String?.none), ("node02", 1, false, "made with one node"),
    ("fabric", 3, true, "choose another name"), ("pxelab-lab", 3, true, "choose another name"),
    ("lab", 3, true, "choose another name"), ("supervisor", 3, true, "choose another name"),
    ("uplink", 3, true, "choose another name"), ("n", LabNode.most, true, "at most"),
  ])
  func one(_ name: String, beside count: Int, hasFabric: Bool, _ words: String?) {
    let present = Set((1...count).map { "node0\($0)" })
    let refusal = NodeArrival.refusal(of: name, beside: present, hasFabric: hasFabric)
    #expect((refusal == nil) == (words == nil))
    #expect(refusal?.contains(words ?? "") ?? true, "\(refusal ?? "")")
  }

  @Test(arguments: [
    (["a", "b"], ["a", "b"], String?.none), (["a", "b", "c"], ["a", "b"], nil),
    (["a"], ["a", "b"], "lack b"), (["a", "b"], ["a"], "one node"),
  ])
  func several(_ wanted: [String], inPlaceOf present: [String], _ words: String?) {
    let refusal = NodeArrival.refusal(of: wanted, inPlaceOf: present)
    #expect((refusal == nil) == (words == nil))
    #expect(refusal?.contains(words ?? "") ?? true, "\(refusal ?? "")")
  }

  @Test func aRefusalIsACondition() {
    var node: ObjectNode = [
      "status": ["conditions": [["type": "Ready", "status": "True"], ["type": "DiskPressure"]]]
    ]
    #expect(!NodeRefusal.isOn(node))
    NodeRefusal.write("no room", at: Timestamp(nanoseconds: 1_500_000_000), to: &node)
    #expect(NodeRefusal.isOn(node))
    #expect(
      node["status", "conditions"] == [
        ["type": "DiskPressure"],
        [
          "type": "Ready", "status": "False", "reason": "NodeNotStarted", "message": "no room",
          "lastTransitionTime": "1970-01-01T00:00:01Z",
        ],
      ])
  }

  /// Whatever a node is called, its agent's files are nobody else's.
  @Test func filesOfAnAgent() {
    let paths = LabPaths(stateDirectory: "/s", lab: "l")
    let names = [
      "lab", "supervisor", "uplink", "a", "a.log", "a.part", String(repeating: "n", count: 200),
    ]
    let files = names.flatMap { [paths.agentLog($0), paths.agentNote($0)] }
    let own = [
      paths.daemonLog, paths.daemonNote, paths.supervisorLog, paths.uplinkLog, paths.uplinkNote,
    ]
    let folders = names.map { paths.files(of: .node($0)).directory }
    #expect(Set(files + own + folders).count == files.count + own.count + folders.count)
    #expect(files.allSatisfy { $0.split(separator: "/").last.map { $0.utf8.count < 40 } ?? false })
  }
}
