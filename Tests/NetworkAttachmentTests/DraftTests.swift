import Addresses
import NetworkAttachment
import Objects
import Testing

@Suite struct DraftTests {
  private static func drafts() -> [NetworkAttachmentDraft] {
    var access = NetworkAttachmentDraft(name: "access")
    access.bridge = "br1"
    access.vlan = VLANID(rawValue: 100)
    access.removesDefaultVLAN = true
    var full = access
    full.trunk = VLANRanges("200-300,400")
    full.macSpoofCheck = true
    full.hairpin = true
    full.portIsolation = true
    full.mtu = 9000
    full.namespace = "lab"
    full.card = "eth1"
    var native = NetworkAttachmentDraft(name: "native", kind: .cnvBridge)
    native.bridge = "br1"
    native.trunk = VLANRanges("7")
    native.promiscuous = true
    native.card = "eth1"
    var localnet = NetworkAttachmentDraft(name: "net.one", kind: .localnet)
    localnet.vlan = VLANID(rawValue: 33)
    localnet.physicalNetwork = "physnet"
    localnet.subnets = "192.0.2.0/24"
    localnet.mtu = 1400
    var sriov = NetworkAttachmentDraft(name: "fast", kind: .sriov)
    sriov.resourceName = "openshift.io/nic1"
    sriov.vlan = VLANID(rawValue: 5)
    sriov.macSpoofCheck = true
    var tuned = sriov
    tuned.card = "ens1f0"
    tuned.priority = 3
    tuned.tagProtocol = "802.1ad"
    tuned.trust = true
    tuned.linkState = "enable"
    tuned.minimumRate = 10
    tuned.maximumRate = 1000
    tuned.addresses = "192.0.2.7/24"
    var router = access
    router.subnets = "10.1.0.0/24, fd00:1::/64"
    router.isGateway = true
    router.isDefaultGateway = true
    router.masquerades = true
    return [access, full, native, localnet, sriov, tuned, router]
  }

  @Test(arguments: drafts()) func whatIsWrittenIsRead(_ draft: NetworkAttachmentDraft) throws {
    #expect(draft.objections.isEmpty)
    #expect(draft.refusals(plugins: .newest).isEmpty)
    let file = ManifestFile(path: "n.yaml", text: draft.manifest)
    #expect(file.problems.isEmpty)
    let document = try #require(file.documents.first)
    let review = try #require(NetworkAttachmentReview(document, plugins: .newest))
    #expect(!review.problems.contains { $0.severity == .error }, "\(review.problems)")
    let attachment = try #require(review.attachment)
    #expect(attachment.name == draft.name)
    #expect(attachment.namespace == draft.namespace ?? "default")
    #expect(attachment.vlan == draft.vlan)
    if case .bridge(let bridge) = attachment.config {
      #expect(bridge.bridge == draft.bridge)
      #expect(bridge.vlanTrunk ?? [] == draft.trunk?.vlans ?? [])
      #expect(bridge.macSpoofCheck == draft.macSpoofCheck)
      #expect(bridge.hairpinMode == draft.hairpin)
      #expect(bridge.promiscuousMode == draft.promiscuous)
      #expect(bridge.portIsolation == draft.portIsolation)
      #expect(bridge.mtu == draft.mtu)
      #expect(bridge.isDefaultGateway == draft.isDefaultGateway)
      #expect((bridge.masquerade != nil) == draft.masquerades)
      #expect(bridge.ipam?.ranges.count ?? 0 == draft.subnets?.split(separator: ",").count ?? 0)
      #expect(bridge.disableContainerInterface == (draft.subnets == nil))
    }
    if case .sriov(let function) = attachment.config {
      #expect(function.priority == draft.priority ?? 0)
      #expect(function.tagProtocol.rawValue == draft.tagProtocol ?? "802.1q")
      #expect(function.spoofCheck == draft.macSpoofCheck && function.trust == draft.trust)
      #expect(function.linkState == draft.linkState)
      #expect(function.minimumRate == draft.minimumRate)
      #expect(function.maximumRate == draft.maximumRate)
      #expect(function.hasIPAM == (draft.addresses != nil))
    }
    for text in [draft.configuration, draft.configurationList] {
      let review = try #require(
        NetworkAttachmentReview(path: "n.conf", text: text, plugins: .newest))
      #expect(!review.problems.contains { $0.severity == .error }, "\(review.problems)")
      #expect(review.attachment?.config == attachment.config)
    }
    let policy = draft.nodePolicy.map { ManifestFile(path: "p.yaml", text: $0) }
    #expect(policy?.problems ?? [] == [])
    let kind =
      draft.kind == .sriov ? "SriovNetworkNodePolicy" : "NodeNetworkConfigurationPolicy"
    #expect(policy?.documents.allSatisfy { $0.kind == kind } != false)
    #expect((policy == nil) == (draft.kind == .sriov && draft.card == nil))
  }

  @Test func theAnnotationIsWhereTheTypeNeedsIt() {
    let written = Self.drafts().map { draft in
      draft.manifest.split(separator: "\n").first { $0.contains("resourceName") }
        .map { String($0.drop { $0 == " " }) }
    }
    #expect(
      written == [
        nil, nil, "k8s.v1.cni.cncf.io/resourceName: bridge.network.kubevirt.io/br1", nil,
        "k8s.v1.cni.cncf.io/resourceName: openshift.io/nic1",
        "k8s.v1.cni.cncf.io/resourceName: openshift.io/nic1", nil,
      ])
  }

  @Test func theNodesFunctionsAreMadeByAPolicy() throws {
    var draft = try #require(Self.drafts().first { $0.card == "ens1f0" })
    draft.virtualFunctions = 4
    let policy = try #require(draft.nodePolicy)
    for line in ["resourceName: nic1", "numVfs: 4", "- ens1f0", "deviceType: vfio-pci"] {
      #expect(policy.contains(line), "\(policy)")
    }
  }

  @Test func theNodesBridgeCarriesTheSameVLANs() throws {
    let policy = try #require(Self.drafts()[1].nodePolicy)
    #expect(
      policy.hasSuffix(
        """
                    trunk-tags:
                    - id: 100
                    - id-range:
                        min: 200
                        max: 300
                    - id: 400

        """))
    let native = try #require(Self.drafts()[2].nodePolicy)
    #expect(native.contains("enable-native: true"))
  }

  @Test(arguments: [
    ("bridge", "br;1"), ("bridge", "-br"), ("name", "UPPER"), ("name", ""), ("name", "a\nb"),
    ("namespace", "a.b"), ("physical-network", "a b"), ("resource-name", "nic1"),
  ])
  func namesThatNeedQuotesAreRefused(option: String, text: String) {
    var draft = NetworkAttachmentDraft(
      name: "n", kind: option == "physical-network" ? .localnet : .bridge)
    if draft.kind == .bridge { draft.bridge = "br1" }
    switch option {
    case "bridge": draft.bridge = text
    case "name": draft.name = text
    case "namespace": draft.namespace = text
    case "physical-network": draft.physicalNetwork = text
    default: draft.resourceName = text
    }
    #expect(draft.objections.map(\.option) == [option])
  }

  @Test(
    arguments: [
      ("10.1.0.0/24,10.2.0.0/33", nil), ("", nil), (nil, "10.1.0.7"),
    ] as [(String?, String?)])
  func addressesAreCIDRs(_ subnets: String?, _ addresses: String?) {
    var draft = NetworkAttachmentDraft(name: "n")
    draft.bridge = "br1"
    draft.subnets = subnets
    draft.addresses = addresses
    #expect(draft.objections.map(\.option) == [subnets == nil ? "addresses" : "subnets"])
  }

  @Test func optionsOfOtherTypesAreRefused() {
    var draft = NetworkAttachmentDraft(name: "n", kind: .sriov)
    draft.bridge = "br1"
    draft.trunk = VLANRanges("7")
    draft.hairpin = true
    #expect(draft.objections.map(\.option) == ["trunk", "hairpin", "bridge", "resource-name"])
  }

  @Test(arguments: [
    ("1", "1"), ("200-300,400", "200-300,400"), ("3,1,2", "1-3"), ("5-5", "5"),
    ("4094", "4094"), ("1-4094", "1-4094"),
  ])
  func ranges(text: String, description: String) {
    #expect(VLANRanges(text)?.description == description)
  }

  @Test(arguments: ["", "0", "4095", "5-3", "1,", "a", "1-2-3", "-1", "1 2", "+3"])
  func noRanges(text: String) {
    #expect(VLANRanges(text) == nil)
  }
}
