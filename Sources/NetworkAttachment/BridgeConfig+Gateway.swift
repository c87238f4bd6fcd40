import Addresses

/// What `ipMasq` writes its rules with.
package enum MasqueradeBackend: String, Codable, Hashable, Sendable {
  /// A chain for each port in the table `nat` of iptables; the only one before 1.6.0, and the
  /// default where the node has iptables.
  case iptables
  /// The table `inet cni_plugins_masquerade`.
  case nftables
}

extension BridgeConfig {
  /// The addresses that the node itself has after ADD of a port (`calcGateways` and `ensureAddr` in
  /// plugins/main/bridge/bridge.go).
  ///
  /// - Parameters:
  ///   - assigned: the port's addresses.
  ///   - present: what the device has already.
  /// - Throws: ``GatewayRefusal`` in the plugin's words.
  package func gateways(
    for assigned: [IPAMConfig.Address], present: [IPNetwork] = []
  ) throws(GatewayRefusal) -> [IPNetwork] {
    guard isGateway else { return present }
    var addresses = present
    // IPv4 first.
    for isIPv4 in [true, false] {
      for port in assigned where (port.address.v4 != nil) == isIPv4 {
        let length = port.address.prefixLength
        guard let gateway = port.gateway ?? port.address.first.next,
          let network = IPNetwork(address: gateway, prefixLength: length)
        else { continue }
        try ensure(network, in: &addresses)
      }
    }
    return addresses
  }

  private func ensure(_ network: IPNetwork, in addresses: inout [IPNetwork]) throws(GatewayRefusal)
  {
    for other in addresses where (other.v4 != nil) == (network.v4 != nil) {
      if other == network { return }
      guard
        network.v4 != nil || other.contains(network.address) || network.contains(other.address)
      else { continue }
      guard forceAddress else {
        let device = vlan.map { "\(bridge).\($0)" } ?? bridge
        let what = vlan == nil ? "bridge addr" : "vlan interface for bridge with addr"
        throw GatewayRefusal(
          description: "failed to set \(what): \(device.debugDescription) already has an IP address"
            + " different from \(network)")
      }
      addresses.removeAll { $0 == other }
    }
    addresses.append(network)
  }

  /// The routes that a port's end has after ADD, beside that to its own network.
  package func routes(for assigned: [IPAMConfig.Address]) -> [IPAMConfig.Route] {
    func gateway(_ isIPv4: Bool) -> IPAddress? {
      guard let port = assigned.first(where: { ($0.address.v4 != nil) == isIPv4 }) else {
        return nil
      }
      return port.gateway ?? (isGateway ? port.address.first.next : nil)
    }
    var routes = (ipam?.routes ?? []).map { route in
      IPAMConfig.Route(
        destination: route.destination,
        gateway: route.gateway ?? gateway(route.destination.v4 != nil))
    }
    guard isDefaultGateway else { return routes }
    for everywhere in [IPNetwork("0.0.0.0/0"), IPNetwork("::/0")].compactMap({ $0 }) {
      if routes.contains(where: { $0.destination == everywhere }) { continue }
      guard let gateway = gateway(everywhere.v4 != nil) else { continue }
      routes.append(IPAMConfig.Route(destination: everywhere, gateway: gateway))
    }
    return routes
  }
}

/// Why the plugin does not give the node another address.
package struct GatewayRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// The plugin's words.
  package let description: String
}
