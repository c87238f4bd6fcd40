import DomainXML
import Foundation
import KubeVirt
import LabManifest
import Objects
import Scheduling
import Testing

@testable import LabPlan

/// Where the machines of labs go that are about that, and what keeps them from it.
@Suite struct PlacementLabTests {
  /// The lab's nodes, as their agents would label them.
  private func nodes(of input: LabInput) throws -> [ObjectNode] {
    func fixture(_ name: String) throws -> String {
      let folder = Checkout.root.appending(path: "Tests/DomainXMLTests/Fixtures")
      return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }
    let capabilities = try ProcessorCapabilities(parsing: fixture("capabilities-tcg.xml"))
    let features = try ProcessorCapabilities.features(ofBaseline: fixture("baseline-tcg.xml"))
    let host = try HostCapabilities(parsing: fixture("host-capabilities.xml"))
    let map = try NodeLabellerTests.map()
    return input.nodes.map { node in
      var tree: ObjectNode = [
        "apiVersion": "v1", "kind": "Node", "metadata": ["name": .text(node.name)],
        "spec": node.object["spec"]?.canonical ?? .mapping(),
        "status": [
          "allocatable": [
            "cpu": "8", "memory": "64Gi", "pods": "110", "ephemeral-storage": "100Gi",
            "devices.kubevirt.io/kvm": "1k", "devices.kubevirt.io/tun": "1k",
            "devices.kubevirt.io/vhost-net": "1k",
          ]
        ],
      ]
      for (label, value) in node.labels { tree["metadata", "labels", label] = .text(value) }
      tree["metadata", "labels", NodeLabel.schedulable] = "true"
      var offer = ProcessorOffer(capabilities, features: features, usesKVM: false)
      if let processor = node.processor { offer = offer.replaced(by: processor, map: map) }
      _ = NodeLabeller(offer, capabilities: capabilities, host: host, usesKVM: false)
        .label(&tree, NodeLabeller.Group.allCases, obsolete: input.cluster.obsoleteModels)
      return tree
    }
  }

  private func run(_ lab: String) throws -> (run: ScheduleRun, input: LabInput) {
    let input = try Checkout.lab(lab)
    let folder = Checkout.root.appending(path: "labs/\(lab)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
    let documents = try names.filter { $0.hasSuffix(".yaml") && $0 != "lab.yaml" }.flatMap { name in
      ManifestFile(
        path: name, text: try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      ).documents
    }
    let schedule = ScheduleInput(
      documents + (try nodes(of: input)).map { ManifestDocument(object: $0) },
      cluster: input.cluster)
    #expect(schedule.problems.filter { $0.severity == .error }.isEmpty, "\(schedule.problems)")
    return (ScheduleRun(schedule, release: .v1_36, keepsPlacements: false), input)
  }

  /// `nil` is any node.
  @Test(
    arguments: [
      (
        "node-cpus",
        [
          "requires": "haswell", "requires-without-policy": "haswell", "forbids": "westmere",
          "model": "haswell", "older-model": "westmere", "host-model": nil, "forces": nil,
          "takes": nil, "goes-without": nil,
        ]
      ),
      (
        "node-placement",
        [
          "example-vm-node-selector": "node01", "example-vm-pod-affinity": "node01",
          "example-vm-node-affinity": "node02", "example-vm-tolerations": "node03",
        ]
      ),
    ] as [(String, [String: String?])])
  func whereMachinesGo(_ lab: String, _ expected: [String: String?]) throws {
    let results = try run(lab).run.results
    #expect(Set(results.map(\.name)) == Set(expected.keys))
    for result in results {
      #expect(result.node != nil, "\(result.name): \(result.message ?? "")")
      if let node = expected[result.name] ?? nil {
        #expect(result.ties == [node], "\(result.name)")
      }
    }
  }

  @Test(arguments: [
    ("node-selector-unmet", "2 node(s) didn't match Pod's node affinity/selector"),
    ("pod-affinity-alone", "2 node(s) didn't match pod affinity rules"),
    ("node-affinity-unmet", "2 node(s) didn't match Pod's node affinity/selector"),
    ("toleration-misplaced", "1 node(s) had untolerated taint(s)"),
    ("toleration-forgotten", "1 node(s) had untolerated taint(s)"),
    ("cpu-model-obsolete", "2 node(s) didn't match Pod's node affinity/selector"),
    ("cpu-feature-missing", "2 node(s) didn't match Pod's node affinity/selector"),
    ("cpu-feature-forbidden", "2 node(s) didn't match Pod's node affinity/selector"),
    ("processor-not-here", "1 node(s) didn't match Pod's node affinity/selector"),
  ])
  func whyMachinesStayPending(_ lab: String, _ words: String) throws {
    let (run, input) = try run("faults/\(lab)")
    let machine = try #require(input.lab.machines.first { $0.expectation.finding != nil }?.name)
    let result = try #require(run.results.first { $0.name == machine })
    #expect(result.node == nil)
    #expect(result.message?.contains(words) == true, "\(result.message ?? "")")
  }

  /// The seed's own example: kubectl refuses it, and says where the tolerations belong.
  @Test func tolerationsInTheWrongPlace() throws {
    let folder = Checkout.root.appending(path: "labs/faults/toleration-misplaced/machine.yaml")
    let validation = ManifestValidation(
      files: [("machine.yaml", Array(try Data(contentsOf: folder)))], folderName: "f")
    #expect(
      validation.problems.contains {
        $0.field == "spec.tolerations" && $0.message.contains("spec.template.spec.tolerations")
      }, "\(validation.problems)")
  }

  @Test func aModelThatTheClusterCallsObsolete() throws {
    let folder = Checkout.root.appending(path: "labs/faults/cpu-model-obsolete/machine.yaml")
    let validation = ManifestValidation(
      files: [("machine.yaml", Array(try Data(contentsOf: folder)))], folderName: "f")
    #expect(
      validation.problems.contains {
        $0.field == "spec.domain.cpu.model" && $0.message.contains("Conroe obsolete")
      }, "\(validation.problems)")
  }
}
