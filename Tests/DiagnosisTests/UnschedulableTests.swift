import Testing

@testable import Diagnosis

/// What helps a machine that no node takes, by the scheduler's words.
@Suite struct UnschedulableTests {
  @Test(arguments: [
    ("0/1 nodes are available: 1 node(s) had untolerated taint(s).", "spec.tolerations"),
    ("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.", "node label"),
    ("0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules.", "spec.nodes"),
    (
      "0/2 nodes are available: 2 node(s) didn't match pod topology spread constraints.",
      "topologyKey"
    ),
    ("0/1 nodes are available: 1 node(s) were unschedulable.", "node uncordon"),
    ("0/1 nodes are available: 1 Insufficient memory.", "capacity"),
    ("0/2 nodes are available: 2 node(s) didn't match pod affinity rules.", "template.metadata"),
    ("no node has the CPU model conroe; did you mean Conroe?", "cpu.model"),
    ("0/2 nodes are available: 2 Insufficient bridge.network.kubevirt.io/br1.", "resourceName"),
  ])
  func theRemedyIsForTheReason(_ reason: String, _ remedy: String) throws {
    let verdict = MachineVerdict(pending: "m", reasons: [reason])
    let finding = try #require(verdict.findings.first)
    #expect(finding.id == "PXL016" && finding.fix.contains(remedy), "\(finding.fix)")
    #expect(!finding.title.contains(".."), "\(finding.title)")
    let others = [
      "spec.tolerations", "node label", "spec.nodes of", "topologyKey", "node uncordon",
    ]
    #expect(others.count { finding.fix.contains($0) } <= 1, "\(finding.fix)")
  }
}
