import DomainXML
import Foundation
import KubeVirt
import Objects
import Testing

@testable import LabManifest
@testable import Planning

/// What libvirt says, as labels of a node.
@Suite struct NodeLabellerTests {
  private func fixture(_ name: String) throws -> String {
    let folder = Checkout.root.appending(path: "Tests/DomainXMLTests/Fixtures")
    return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private func labeller(
    usesKVM: Bool, _ processor: String? = nil
  ) throws -> NodeLabeller {
    let capabilities = try ProcessorCapabilities(parsing: fixture("capabilities-tcg.xml"))
    let features = try ProcessorCapabilities.features(ofBaseline: fixture("baseline-tcg.xml"))
    var offer = ProcessorOffer(capabilities, features: features, usesKVM: usesKVM)
    if let processor {
      offer = offer.replaced(by: try Self.processor(processor), map: try Self.map())
    }
    return NodeLabeller(
      offer, capabilities: capabilities,
      host: try HostCapabilities(parsing: fixture("host-capabilities.xml")), usesKVM: usesKVM)
  }

  static func processor(_ text: String) throws -> NodeProcessor {
    let input = LabInput(
      files: [
        (
          "lab.yaml",
          """
          apiVersion: pxelab.dev/v1alpha1
          kind: Lab
          metadata: {name: lab}
          spec: {nodes: [{name: a, cpu: \(text)}]}
          """
        )
      ], folderName: "lab")
    #expect(!input.problems.contains { $0.message.contains("cpu") }, "\(input.problems)")
    return try #require(input.nodes.first?.processor)
  }

  /// A map of four models, of which each has what the one before has.
  static func map() throws -> ProcessorMap {
    func model(_ name: String, _ inner: String, vendor: String = "Intel") -> String {
      "<cpus><model name='\(name)'><vendor name='\(vendor)'/>\(inner)</model></cpus>"
    }
    return try ProcessorMap(parsing: [
      "<cpus><arch name='x86'><include filename='x86_features.xml'/></arch></cpus>",
      model("Penryn", "<feature name='sse4.1'/><feature name='apic'/>"),
      model(
        "Westmere",
        "<feature name='sse4.1'/><feature name='apic'/><feature name='aes'/>"),
      model(
        "Haswell", "<model name='Westmere'/><feature name='avx2'/><feature name='pcid'/>"),
      model("EPYC", "<feature name='apic'/><feature name='svm'/>", vendor: "AMD"),
      model("Broken", "<model name='nowhere'/>"),
    ])
  }

  private static let obsolete = ClusterSettings.usualObsoleteModels

  @Test func labelsOfAHost() throws {
    let labels = try labeller(usesKVM: true).labels(obsolete: Self.obsolete)
    for label in [
      "cpu-model.node.kubevirt.io/Nehalem", "cpu-model-migration.node.kubevirt.io/Haswell",
      "cpu-feature.node.kubevirt.io/aes", "host-model-cpu.node.kubevirt.io/EPYC",
      "host-model-required-features.node.kubevirt.io/la57", "cpu-vendor.node.kubevirt.io/AMD",
      "machine-type.node.kubevirt.io/q35", "machine-type.node.kubevirt.io/pc-q35-7.2",
      "hyperv.node.kubevirt.io/spinlocks",
    ] {
      #expect(labels[label] == "true", "\(label)")
    }
    for label in [
      "cpu-model.node.kubevirt.io/Haswell", "cpu-model.node.kubevirt.io/Conroe",
      "cpu-model-migration.node.kubevirt.io/Conroe", "cpu-feature.node.kubevirt.io/3dnowprefetch",
      "host-model-required-features.node.kubevirt.io/vme", "kubevirt.io/sev",
      "node-labeller.kubevirt.io/obsolete-host-model",
    ] {
      #expect(labels[label] == nil, "\(label)")
    }
    #expect(labels["cpu-timer.node.kubevirt.io/tsc-frequency"] == "2445406000")
    #expect(labels["cpu-timer.node.kubevirt.io/tsc-scalable"] == "false")
  }

  /// Obsolete models are the cluster's, and keep only those away whose processor is one.
  @Test(arguments: [(true, true), (false, false)])
  func anObsoleteHostModel(_ usesKVM: Bool, _ isObsolete: Bool) throws {
    let labels = try labeller(usesKVM: usesKVM).labels(obsolete: ["EPYC"])
    #expect((labels["node-labeller.kubevirt.io/obsolete-host-model"] != nil) == isObsolete)
    #expect(labels["cpu-model.node.kubevirt.io/EPYC"] == nil)
    #expect(labels["cpu-model.node.kubevirt.io/Conroe"] == "true")
  }

  /// TCG gives what it can of each model that libvirt knows.
  @Test func anEmulationHasAllModels() throws {
    let labels = try labeller(usesKVM: false).labels(obsolete: Self.obsolete)
    #expect(labels["cpu-model.node.kubevirt.io/Haswell"] == "true")
    #expect(labels["cpu-model.node.kubevirt.io/Conroe"] == nil)
    #expect(!labels.keys.contains { $0.hasPrefix("hyperv") })
  }

  @Test(arguments: [
    ("{model: Westmere}", ["Penryn", "Westmere"], ["aes", "apic", "sse4.1"], [], "Intel"),
    (
      "{model: Westmere, features: [{name: avx2}, {name: aes, policy: disable}]}", ["Penryn"],
      ["apic", "avx2", "sse4.1"], ["avx2"], "Intel"
    ),
    (
      "{model: Haswell, vendor: Hygon}", ["Haswell", "Penryn", "Westmere"],
      ["aes", "apic", "avx2", "pcid", "sse4.1"], [], "Hygon"
    ),
    ("{model: EPYC}", ["EPYC"], ["apic", "svm"], [], "AMD"),
  ])
  func aProcessorOfLabYAML(
    _ text: String, _ models: [String], _ features: [String], _ required: [String],
    _ vendor: String
  ) throws {
    let labels = try labeller(usesKVM: false, text).labels(obsolete: [])
    func names(_ prefix: String) -> [String] {
      labels.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
        .sorted()
    }
    #expect(names(NodeLabel.model) == models)
    #expect(names(NodeLabel.feature) == features)
    #expect(names(NodeLabel.hostModelFeature) == required)
    #expect(names(NodeLabel.vendor) == [vendor])
  }

  /// Without a model it is this machine's processor, with more or less.
  @Test func thisMachinesProcessorWithout() throws {
    let labels = try labeller(
      usesKVM: false, "{features: [{name: aes, policy: disable}, {name: amx-tile}]}"
    ).labels(obsolete: [])
    #expect(labels["cpu-feature.node.kubevirt.io/aes"] == nil)
    #expect(labels["cpu-feature.node.kubevirt.io/amx-tile"] == "true")
    #expect(labels["host-model-cpu.node.kubevirt.io/EPYC"] == "true")
    #expect(labels["cpu-model.node.kubevirt.io/Penryn"] == "true")
    #expect(labels["cpu-model.node.kubevirt.io/Westmere"] == nil, "it has aes")
  }

  private func node(_ labels: ObjectNode, _ annotations: ObjectNode = .mapping()) -> ObjectNode {
    ["metadata": ["name": "n", "labels": labels, "annotations": annotations]]
  }

  @Test func onlyTheGroupsThatAreTheAgents() throws {
    let labeller = try labeller(usesKVM: false)
    let said: ObjectNode = ["cpu-model.node.kubevirt.io/Old": "true", "zone": "east"]
    let groups = NodeLabeller.Group.unsaid(in: said.strings)
    #expect(groups == [.timer, .enlightenments, .machineTypes, .sev])
    var node = node(said)
    #expect(labeller.label(&node, groups, obsolete: []))
    let labels = node["metadata", "labels"]?.strings ?? [:]
    #expect(labels["cpu-model.node.kubevirt.io/Old"] == "true" && labels["zone"] == "east")
    #expect(!labels.keys.contains { $0.hasPrefix("cpu-feature") })
    #expect(labels["machine-type.node.kubevirt.io/pc"] == "true")
    #expect(!labeller.label(&node, groups, obsolete: []), "a second time it is as it should be")
  }

  /// What is obsolete since loses its label.
  @Test func labelsFollowTheClustersSettings() throws {
    let labeller = try labeller(usesKVM: false)
    var node = node(.mapping())
    _ = labeller.label(&node, [.processor], obsolete: [])
    #expect(node["metadata", "labels", "cpu-model.node.kubevirt.io/EPYC"] == "true")
    #expect(labeller.label(&node, [.processor], obsolete: ["EPYC"]))
    #expect(node["metadata", "labels", "cpu-model.node.kubevirt.io/EPYC"] == nil)
  }

  @Test func aNodeThatIsSkippedKeepsItsLabels() throws {
    var node = node(
      ["cpu-model.node.kubevirt.io/Old": "true"],
      ["node-labeller.kubevirt.io/skip-node": "true"])
    let before = node
    #expect(!(try labeller(usesKVM: true).label(&node, [.processor], obsolete: [])))
    #expect(node == before)
  }

  @Test(arguments: [
    ("{model: conroe}", "did you mean \"Conroe\"?"),
    ("{vendor: \"a b\"}", "cannot be part of a label"),
    ("{features: [{policy: require}]}", "name is required"),
    ("{features: [{name: a, policy: force}]}", "\"force\" is none of require, disable"),
    ("{features: [{name: a}, {name: a, policy: disable}]}", "Duplicate value: \"a\""),
    ("{features: [{name: \"a b\"}]}", "is no name of a CPU feature"),
  ])
  func wrongProcessorsAreRefused(_ text: String, _ words: String) {
    let input = LabInput(
      files: [
        (
          "lab.yaml",
          """
          apiVersion: pxelab.dev/v1alpha1
          kind: Lab
          metadata: {name: lab}
          spec:
            nodes:
            - name: a
              cpu: \(text)
          """
        )
      ], folderName: "lab")
    let problem = input.problems.first { $0.message.contains(words) }
    #expect(problem?.severity == .error, "\(input.problems)")
    #expect(problem?.location?.line == 7)
  }
}
