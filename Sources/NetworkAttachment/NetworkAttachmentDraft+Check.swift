import Addresses
import Objects

extension NetworkAttachmentDraft {
  /// An option of the draft that its plugin does not have, or lacks.
  package struct Objection: Hashable, Sendable {
    /// What it is about, as ``name(of:)`` has it.
    package var option: String
    /// What is wrong and the way out.
    package var message: String
  }

  /// What its plugin has nothing to do with, or lacks; names that no object or device can have.
  package var objections: [Objection] {
    var found: [Objection] = []
    func refuse(_ isGiven: Bool, _ option: String, unless kinds: [Kind]) {
      guard isGiven, !kinds.contains(kind) else { return }
      found.append(
        Objection(
          option: option,
          message: "goes with \(kinds.map(\.rawValue).joined(separator: ", ")), not with"
            + " \(kind.rawValue)"))
    }
    let bridges: [Kind] = [.bridge, .cnvBridge]
    refuse(trunk != nil, "trunk", unless: bridges)
    refuse(removesDefaultVLAN, "no-default-vlan", unless: bridges)
    refuse(macSpoofCheck, "mac-spoof-check", unless: bridges + [.sriov])
    refuse(hairpin, "hairpin", unless: bridges)
    refuse(promiscuous, "promisc", unless: bridges)
    refuse(portIsolation, "port-isolation", unless: bridges)
    // Of a virtual function it is the card's, which the policy sets.
    refuse(mtu != nil, "mtu", unless: Kind.allCases)
    refuse(bridge != nil, "bridge", unless: bridges + [.localnet])
    refuse(physicalNetwork != nil, "physical-network", unless: [.localnet])
    refuse(addresses != nil, "addresses", unless: bridges + [.sriov])
    refuse(isGateway, "gateway", unless: bridges)
    refuse(isDefaultGateway, "default-gateway", unless: bridges)
    refuse(masquerades, "ip-masq", unless: bridges)
    refuse(priority != nil, "vlan-qos", unless: [.sriov])
    refuse(tagProtocol != nil, "vlan-proto", unless: [.sriov])
    refuse(trust != nil, "trust", unless: [.sriov])
    refuse(linkState != nil, "link-state", unless: [.sriov])
    refuse(minimumRate != nil, "min-tx-rate", unless: [.sriov])
    refuse(maximumRate != nil, "max-tx-rate", unless: [.sriov])
    refuse(virtualFunctions != nil, "vfs", unless: [.sriov])
    if subnets != nil, addresses != nil {
      found.append(Objection(option: "addresses", message: "and --subnets are two ways: take one"))
    }
    for (isGiven, option) in [
      (isGateway, "gateway"), (isDefaultGateway, "default-gateway"), (masquerades, "ip-masq"),
    ] where isGiven && bridges.contains(kind) && subnets == nil && addresses == nil {
      found.append(
        Objection(option: option, message: "does nothing without --subnets or --addresses"))
    }
    refuse(resourceName != nil, "resource-name", unless: bridges + [.sriov])
    if bridges.contains(kind), bridge == nil {
      found.append(
        Objection(option: "bridge", message: "is missing: the name of the bridge on the nodes"))
    }
    if kind == .sriov, resourceName == nil {
      found.append(
        Objection(
          option: "resource-name",
          message: "is missing: the resource of the SriovNetworkNodePolicy, as"
            + " openshift.io/NAME"))
    }
    func check(_ text: String?, _ option: String, _ isRight: (String) -> Bool, _ what: String) {
      guard let text, !isRight(text) else { return }
      found.append(
        Objection(option: option, message: "\(text.prefix(64).debugDescription) is not \(what)"))
    }
    check(name, "name", Self.isSubdomain, "a name of lower case letters, digits, - and .")
    check(namespace, "namespace", Self.isLabel, "a name of lower case letters, digits and -")
    check(bridge, "bridge", Self.isPlainDevice, "a device's name of letters, digits, - _ .")
    check(card, "nic", Self.isPlainDevice, "a device's name of letters, digits, - _ .")
    check(
      physicalNetwork, "physical-network", Self.isWord, "a name of letters, digits, - _ .")
    check(
      resourceName, "resource-name", Self.isResource, "a resource's name such as openshift.io/NAME")
    check(subnets, "subnets", Self.areNetworks, "networks such as 10.1.0.0/24, with commas")
    check(addresses, "addresses", Self.areNetworks, "addresses such as 10.1.0.7/24, with commas")
    return found
  }

  private static func areNetworks(_ text: String) -> Bool {
    text.split(separator: ",", omittingEmptySubsequences: false)
      .allSatisfy { IPNetwork($0.filter { $0 != " " }) != nil }
  }

  /// What the plugin of a release would refuse, in its words.
  package func refusals(plugins: CNIPluginsVersion) -> [Problem] {
    ManifestFile(path: name, text: manifest).documents.flatMap { document in
      NetworkAttachmentReview(document, plugins: plugins, onNode: true)?.problems ?? []
    }.filter { $0.severity == .error }
  }

  private static func isLabel(_ text: some StringProtocol) -> Bool {
    text.utf8.count <= 63 && !text.hasPrefix("-") && !text.hasSuffix("-") && !text.isEmpty
      && text.utf8.allSatisfy { isLowerOrDigit($0) || $0 == UInt8(ascii: "-") }
  }

  private static func isSubdomain(_ text: String) -> Bool {
    text.utf8.count <= 253
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy(isLabel)
  }

  /// A word that needs no quotes in YAML, JSON or a shell.
  private static func isWord(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first, isLowerOrDigit(first | 0x20) else { return false }
    return text.utf8.allSatisfy {
      isLowerOrDigit($0) || isLowerOrDigit($0 | 0x20) || "-_.".utf8.contains($0)
    }
  }

  private static func isPlainDevice(_ text: String) -> Bool { isWord(text) }

  private static func isResource(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && isSubdomain(String(parts[0])) && isWord(parts[1])
  }

  private static func isLowerOrDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}
