extension Admission {
  /// Networks, and that networks and interfaces pair up (pkg/network/admitter).
  func networkCauses() -> [Cause] {
    var names: [String: APIValue] = [:]
    for network in networks { names[network["name"].string] = network }
    var causes = defaultNetworkCauses()
    causes += networkSourceCauses()
    let standard = networks.first {
      $0["pod"].exists || $0["multus"]["default"].boolean == true
    }
    for (index, interface) in interfaces.enumerated() {
      let network = names[interface["name"].string]
      causes += stateCauses(interface, index, standard: standard)
      causes += bindingCauses(interface, network, index)
      causes += interfaceCauses(interface, network, index)
    }
    causes += uniqueNetworkCauses()
    causes += claimedNetworkCauses()
    causes += pairingCauses(Set(names.keys))
    return causes
  }

  /// Masquerade, slirp and the rest of what no longer exists, on a VirtualMachine only.
  func discontinuedBindingCauses() -> [Cause] {
    let discontinued = [
      ("slirp", "Slirp interface support"), ("passt", "Passt network binding"),
      ("macvtap", "Macvtap network binding"),
    ]
    return interfaces.enumerated().flatMap { index, interface in
      discontinued.filter { interface[$0.0].exists }.map { name, what in
        Cause(
          "spec.domain.devices.interfaces[\(index)].\(name)",
          "\(what) has been discontinued since v1.3", place: "\(interfacePath(index)).\(name)")
      }
    }
  }

  /// A default interface that the cluster does not permit is an error of the webhook itself.
  func podBridgeCauses() -> [Cause] {
    guard !cluster.permitsBridgeOnPodNetwork, spec["networks"].items.isEmpty,
      devices["interfaces"].items.isEmpty, devices["autoattachPodInterface"].boolean != false
    else { return [] }
    return [Cause("", "bridge interface is not enabled in kubevirt-config", place: devicesPath)]
  }

  private func defaultNetworkCauses() -> [Cause] {
    var causes: [Cause] = []
    let pods = networks.count { $0["pod"].exists }
    let defaults = networks.count { $0["multus"]["default"].boolean == true }
    if pods > 1 {
      let field = "\(path).interfaces"
      causes.append(
        Cause(
          field, "more than one interface is connected to a pod network in \(field)",
          place: "\(path).networks"))
    }
    if defaults > 1 {
      causes.append(
        Cause("\(path).networks", "Multus CNI should only have one default network"))
    }
    if pods > 0, defaults > 0 {
      causes.append(
        Cause(
          "\(path).networks",
          "Pod network cannot be defined when Multus default network is defined"))
    }
    return causes
  }

  private func networkSourceCauses() -> [Cause] {
    var causes: [Cause] = []
    for (index, network) in networks.enumerated() {
      let count = ["pod", "multus", "resourceClaim"].count { network[$0].exists }
      if count == 1 { continue }
      causes.append(
        Cause(
          "\(path).networks[\(index)]",
          count == 0 ? "should have a network type" : "should have only one network type"))
    }
    // Upstream stops at the first.
    let nameless = networks.firstIndex {
      $0["multus"].exists && $0["multus"]["networkName"].string.isEmpty
    }
    if let nameless {
      causes.append(
        Cause(
          "\(path).networks[\(nameless)]", "CNI delegating plugin must have a networkName"))
    }
    return causes
  }

  private func uniqueNetworkCauses() -> [Cause] {
    var names: Set<String> = []
    return networks.enumerated().compactMap { index, network in
      let name = network["name"].string
      if names.insert(name).inserted { return nil }
      return Cause(
        "\(path).networks[\(index)].name",
        "Network with name \(goQuoted(name)) already exists,"
          + " every network must have a unique name")
    }
  }

  private func pairingCauses(_ networkNames: Set<String>) -> [Cause] {
    var causes: [Cause] = []
    let used = Set(interfaces.map { $0["name"].string })
    for (index, network) in networks.enumerated() where !used.contains(network["name"].string) {
      let field = "\(path).networks[\(index)].name"
      causes.append(Cause(field, "\(field) '\(network["name"].string)' not found."))
    }
    var seen: Set<String> = []
    for (index, interface) in interfaces.enumerated() {
      let name = interface["name"].string
      let field = "\(interfacePath(index)).name"
      if !seen.insert(name).inserted {
        causes.append(
          Cause(field, "Only one interface can be connected to one specific network"))
      }
      if !networkNames.contains(name) {
        causes.append(Cause(field, "\(field) '\(name)' not found."))
      }
    }
    return causes
  }

  /// Networks of dynamic resource allocation.
  private func claimedNetworkCauses() -> [Cause] {
    guard networks.contains(where: { $0["resourceClaim"].exists }) else { return [] }
    let field = "\(path).networks"
    if !cluster.isOn("NetworkDevicesWithDRA") {
      return [
        Cause(
          field,
          "vmi.spec.networks contains DRA networks but NetworkDevicesWithDRA feature gate is not"
            + " enabled")
      ]
    }
    if networks.contains(where: { $0["multus"].exists }) {
      return [
        Cause(
          field,
          "mixing Multus and DRA resourceClaim networks in the same VMI is not supported")
      ]
    }
    let claims = Set(spec["resourceClaims"].items.map { $0["name"].string })
    let interfacesByName = Dictionary(interfaces.map { ($0["name"].string, $0) }) { first, _ in
      first
    }
    var first: [String: Int] = [:]
    var causes: [Cause] = []
    for (index, network) in networks.enumerated() where network["resourceClaim"].exists {
      let name = network["name"].string
      if let interface = interfacesByName[name],
        !interface["sriov"].exists, !interface["binding"].exists
      {
        causes.append(
          Cause(
            "\(devicesPath).interfaces",
            "DRA network \(goQuoted(name)) requires an SR-IOV or binding plugin interface"))
      }
      let claim = network["resourceClaim"]["claimName"].string
      let request = network["resourceClaim"]["requestName"].string
      if claim.isEmpty {
        causes.append(
          Cause(
            "\(field)[\(index)].resourceClaim.claimName", "claimName is required for DRA network"))
      }
      if request.isEmpty {
        causes.append(
          Cause(
            "\(field)[\(index)].resourceClaim.requestName",
            "requestName is required for DRA network"))
      }
      if claim.isEmpty || request.isEmpty { continue }
      if !claims.contains(claim) {
        causes.append(
          Cause(
            "\(field)[\(index)].resourceClaim.claimName",
            "network references resourceClaim \(goQuoted(claim)) which is not defined in"
              + " spec.resourceClaims"))
      }
      let key = "\(claim)/\(request)"
      if first[key] != nil {
        causes.append(
          Cause(
            "\(field)[\(index)]",
            "duplicate claimName/requestName combination \(goQuoted(key))"))
      }
      first[key] = first[key] ?? index
    }
    return causes
  }
}
