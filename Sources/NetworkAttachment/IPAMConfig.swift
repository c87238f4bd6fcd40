import Addresses

/// How addresses are assigned to the ports of an attachment: the configurations of the `host-local`
/// and `static` plugins (github.com/containernetworking/plugins, plugins/ipam).
package struct IPAMConfig: Hashable, Sendable {
  /// An address of a port.
  package struct Address: Codable, Hashable, Sendable {
    /// The address and its network.
    package var address: IPNetwork
    /// The gateway of that network, if one is known.
    package var gateway: IPAddress?

    /// An address.
    package init(address: IPNetwork, gateway: IPAddress? = nil) {
      self.address = address
      self.gateway = gateway
    }
  }

  /// A route that the port's end gets.
  package struct Route: Codable, Hashable, Sendable {
    /// Where it leads.
    package var destination: IPNetwork
    /// The next hop; `nil` is the gateway of the port's address.
    package var gateway: IPAddress?

    /// A route.
    package init(destination: IPNetwork, gateway: IPAddress? = nil) {
      self.destination = destination
      self.gateway = gateway
    }
  }

  /// Addresses that follow one another.
  package struct Range: Hashable, Sendable {
    /// The network, by its own address.
    package var subnet: IPNetwork
    /// The first address that is assigned.
    package var start: IPAddress
    /// The last address that is assigned.
    package var end: IPAddress
    /// The gateway, which is never assigned; `nil` when there is none.
    package var gateway: IPAddress?
    /// Networks whose addresses are never assigned.
    package var excluded: [IPNetwork] = []

    /// The next address from one on that is assigned; `nil` when there is no more.
    fileprivate func free(from address: IPAddress?) -> IPAddress? {
      var candidate = address
      while let address = candidate, address <= end {
        if address == gateway {
          candidate = address.next
        } else if let hole = excluded.first(where: { $0.contains(address) }) {
          candidate = hole.last.next
        } else {
          return address
        }
      }
      return nil
    }
  }

  /// `host-local`: from each of these sets of ranges a port has the next address.
  package var ranges: [[Range]] = []
  /// `static`: every port has these.
  package var fixed: [Address] = []
  /// What every port's end is told of the way beyond its network.
  package var routes: [Route] = []

  /// No addresses.
  package init() {}

  /// The addresses of a port, counted from 0 in the order in which ports are made; `nil` when a set
  /// of ranges has no more.
  package func addresses(ofPort index: Int) -> [Address]? {
    var result = fixed
    for set in ranges {
      guard let next = Self.address(index, in: set) else { return nil }
      result.append(next)
    }
    return result
  }

  private static func address(_ index: Int, in set: [Range]) -> Address? {
    var left = index
    for range in set {
      var next = range.free(from: range.start)
      while let address = next {
        if left == 0 {
          return IPNetwork(address: address, prefixLength: range.subnet.prefixLength).map {
            Address(address: $0, gateway: range.gateway)
          }
        }
        left -= 1
        next = range.free(from: address.next)
      }
    }
    return nil
  }

  /// OVN-Kubernetes' `subnets` and `excludeSubnets`: CIDRs joined by commas. Nothing is a gateway.
  package init?(subnets: String?, excluded: String? = nil) {
    func networks(_ text: String?) -> [IPNetwork] {
      (text ?? "").split(separator: ",").compactMap { part in
        let cidr = part.split(separator: "/").prefix(2).joined(separator: "/")
        return IPNetwork(cidr.filter { $0 != " " })
      }
    }
    let excluded = networks(excluded)
    ranges = networks(subnets).compactMap { subnet in
      guard subnet.prefixLength <= subnet.address.bitWidth - 2, let start = subnet.first.next
      else { return nil }
      return [
        Range(subnet: subnet, start: start, end: subnet.lastHost, excluded: excluded)
      ]
    }
    if ranges.isEmpty { return nil }
  }
}

extension IPNetwork {
  /// The last address that a host can have: in IPv4 the last of all is the broadcast's.
  var lastHost: IPAddress {
    guard let v4 else { return last }
    return .v4(IPv4Address(rawValue: v4.broadcast.rawValue - 1))
  }
}
