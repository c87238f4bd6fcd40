extension Machine {
  /// Networks, and that networks and interfaces pair up (pkg/network/admitter).
  func networkCauses() -> [Cause] {
    networkSourceCauses() + uniqueNetworkCauses() + pairingCauses() + podNetworkCauses()
  }

  private func networkSourceCauses() -> [Cause] {
    networks.enumerated().compactMap { index, network in
      let path = "\(specPath).networks[\(index)]"
      if network.isPod, network.multus != nil {
        return Cause(path, "should have only one network type")
      }
      if !network.isPod, network.multus == nil {
        return Cause(path, "should have a network type")
      }
      if network.multus?.networkName.isEmpty == true {
        return Cause(path, "CNI delegating plugin must have a networkName")
      }
      return nil
    }
  }

  private func uniqueNetworkCauses() -> [Cause] {
    var names: Set<String> = []
    return networks.enumerated().compactMap { index, network in
      if names.insert(network.name).inserted { return nil }
      return Cause(
        "\(specPath).networks[\(index)].name",
        "Network with name \(network.name.debugDescription) already exists,"
          + " every network must have a unique name")
    }
  }

  private func pairingCauses() -> [Cause] {
    var causes: [Cause] = []
    let networkNames = Set(networks.map(\.name))
    var used: Set<String> = []
    for (index, interface) in interfaces.enumerated() {
      let path = "\(interfacePath(index)).name"
      if !networkNames.contains(interface.name) {
        causes.append(Cause(path, "\(path) '\(interface.name)' not found."))
      } else if !used.insert(interface.name).inserted {
        causes.append(
          Cause(path, "Only one interface can be connected to one specific network"))
      }
    }
    var seen: Set<String> = []
    for (index, network) in networks.enumerated()
    where seen.insert(network.name).inserted && !used.contains(network.name) {
      let path = "\(specPath).networks[\(index)].name"
      causes.append(Cause(path, "\(path) '\(network.name)' not found."))
    }
    return causes
  }

  private func podNetworkCauses() -> [Cause] {
    var causes: [Cause] = []
    let pods = Set(networks.filter(\.isPod).map(\.name))
    if interfaces.count(where: { pods.contains($0.name) }) > 1 {
      let path = "\(specPath).interfaces"
      causes.append(
        Cause(
          path, "more than one interface is connected to a pod network in \(path)",
          place: "\(domainPath).devices.interfaces"))
    }
    if !pods.isEmpty, networks.contains(where: { $0.multus?.isDefault == true }) {
      causes.append(
        Cause(
          "\(specPath).networks",
          "Pod network cannot be defined when Multus default network is defined"))
    }
    return causes
  }
}
