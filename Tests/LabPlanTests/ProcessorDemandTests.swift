import Testing

@testable import LabPlan

@Suite struct ProcessorDemandTests {
  private static let offer = ProcessorOffer(
    provider: .kvm, models: ["Conroe": true, "EPYC": true, "Skylake-Client": false],
    features: ["apic", "aes"])

  private static func demand(_ cpu: String, cluster: String = "") throws -> ProcessorDemand {
    var text = LabText()
    text.domain = "memory: {guest: 1Gi}\n    cpu: \(cpu)"
    if !cluster.isEmpty {
      text.cluster = """
        ---
        apiVersion: hco.kubevirt.io/v1beta1
        kind: HyperConverged
        metadata: {name: kubevirt-hyperconverged}
        spec: {defaultCPUModel: \(cluster)}
        """
    }
    return try text.machine().processor
  }

  @Test(arguments: [
    ("{}", "", []),
    ("{model: Conroe}", "", []),
    ("{model: host-model}", "Skylake-Client", []),
    ("{model: host-passthrough}", "Skylake-Client", []),
    ("{model: Skylake-Client}", "", ["KVM on this machine cannot run CPU model Skylake-Client"]),
    ("{}", "Skylake-Client", ["KVM on this machine cannot run CPU model Skylake-Client"]),
    ("{}", "EPYC", []),
    (
      "{}", "epyc",
      ["libvirt knows no CPU model epyc; did you mean EPYC? (names are case-sensitive)"]
    ),
    ("{model: Conro}", "", ["libvirt knows no CPU model Conro; did you mean Conroe?"]),
    ("{features: [{name: apic}, {name: aes, policy: require}]}", "", []),
    (
      "{features: [{name: tsx}]}", "",
      ["CPU feature tsx is required, and KVM on this machine does not provide it"]
    ),
    (
      "{features: [{name: tsx, policy: force}, {name: tsx2, policy: optional},"
        + " {name: apic, policy: disable}]}", "", []
    ),
    ("{features: [{name: tsx, policy: forbid}]}", "", []),
    (
      "{model: Skylake-Client, features: [{name: apic, policy: forbid}]}", "",
      [
        "KVM on this machine cannot run CPU model Skylake-Client",
        "CPU feature apic is forbidden, and KVM on this machine provides it",
      ]
    ),
  ])
  func objections(_ cpu: String, _ cluster: String, _ objections: [String]) throws {
    let demand = try Self.demand(cpu, cluster: cluster)
    #expect(Self.offer.objections(to: demand) == objections)
  }

  @Test(arguments: [
    ("{model: Skylake-Client}", "Skylake-Client"), ("{model: Conroe}", nil), ("{}", nil),
    ("{model: Conro}", nil),
  ])
  func anEmulationStandsForAnyModelThatLibvirtKnows(_ cpu: String, _ reduced: String?) throws {
    var offer = Self.offer
    offer.provider = .tcg
    let demand = try Self.demand(cpu)
    #expect(offer.reducedModel(of: demand) == reduced)
    #expect(offer.objections(to: demand).isEmpty == (demand.model != "Conro"))
    #expect(Self.offer.reducedModel(of: demand) == nil)
  }

  @Test func featuresThatNobodyTellsAreNoObjection() throws {
    var offer = Self.offer
    offer.features = nil
    #expect(offer.objections(to: try Self.demand("{features: [{name: tsx}]}")) == [])
  }
}
