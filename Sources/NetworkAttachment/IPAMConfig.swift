import Addresses
import Manifest

/// How addresses are assigned to the ports of an attachment: the configurations of the `host-local`
/// and `static` plugins (github.com/containernetworking/plugins, plugins/ipam), IPv4 only.
public struct IPAMConfig: Hashable, Sendable {
  /// An address of a port.
  public struct Address: Codable, Hashable, Sendable {
    /// The address and its network.
    public var address: IPv4Network
    /// The gateway of that network, if one is known.
    public var gateway: IPv4Address?

    /// An address.
    public init(address: IPv4Network, gateway: IPv4Address? = nil) {
      self.address = address
      self.gateway = gateway
    }
  }

  /// Addresses that follow one another.
  public struct Range: Hashable, Sendable {
    /// The network, by its own address.
    public var subnet: IPv4Network
    /// The first address that is assigned.
    public var start: IPv4Address
    /// The last address that is assigned.
    public var end: IPv4Address
    /// The gateway, which is never assigned; `nil` when there is none.
    public var gateway: IPv4Address?
    /// Networks whose addresses are never assigned.
    public var excluded: [IPv4Network] = []
  }

  /// `host-local`: from each of these sets of ranges a port has the next address.
  public var ranges: [[Range]] = []
  /// `static`: every port has these.
  public var fixed: [Address] = []

  /// The addresses of a port, counted from 0 in the order in which ports are made; `nil` when a set
  /// of ranges has no more.
  public func addresses(ofPort index: Int) -> [Address]? {
    var result = fixed
    for set in ranges {
      guard let next = Self.address(index, in: set) else { return nil }
      result.append(next)
    }
    return result
  }

  private static func address(_ index: Int, in set: [Range]) -> Address? {
    var left = index
    for range in set where range.start <= range.end {
      for raw in range.start.rawValue...range.end.rawValue {
        let address = IPv4Address(rawValue: raw)
        if address == range.gateway { continue }
        if range.excluded.contains(where: { $0.contains(address) }) { continue }
        if left == 0 {
          return IPv4Network(address: address, prefixLength: range.subnet.prefixLength).map {
            Address(address: $0, gateway: range.gateway)
          }
        }
        left -= 1
      }
    }
    return nil
  }
}

extension IPAMConfig {
  /// Reads an `ipam` section; `nil` where there is none, and for a plugin that a lab cannot stand
  /// for, which is a warning.
  init?(_ field: Field) {
    switch field["type"].node?.goString {
    case nil, "": return nil
    case "host-local": self.init(hostLocal: field)
    case "static": self.init(fixed: field)
    case let other?:
      field["type"].warning(
        "a lab assigns no addresses as the ipam plugin \(other.debugDescription) does; it stands"
          + " for host-local and static")
      return nil
    }
  }

  /// OVN-Kubernetes' `subnets` and `excludeSubnets`: CIDRs joined by commas. Nothing is a gateway.
  public init?(subnets: String?, excluded: String? = nil) {
    func networks(_ text: String?) -> [IPv4Network] {
      (text ?? "").split(separator: ",").compactMap { part in
        let cidr = part.split(separator: "/").prefix(2).joined(separator: "/")
        return IPv4Network(cidr.filter { $0 != " " })
      }
    }
    let excluded = networks(excluded)
    ranges = networks(subnets).compactMap { subnet in
      guard subnet.prefixLength <= 30 else { return nil }
      return [
        Range(
          subnet: subnet, start: IPv4Address(rawValue: subnet.network.rawValue + 1),
          end: IPv4Address(rawValue: subnet.broadcast.rawValue - 1), excluded: excluded)
      ]
    }
    if ranges.isEmpty { return nil }
  }

  private init(hostLocal field: Field) {
    var sets: [[Field]] = []
    if field["subnet"].exists { sets.append([field]) }
    sets += field["ranges"].items.map(\.items)
    if sets.isEmpty { field.error("no IP ranges specified") }
    for (number, set) in sets.enumerated() {
      let read = set.compactMap { Self.range($0, set: number) }
      if !read.isEmpty { ranges.append(read) }
    }
  }

  private static func range(_ field: Field, set number: Int) -> Range? {
    let problem = "invalid range set \(number): "
    guard let text = field["subnet"].node?.goString else {
      field["subnet"].error("\(problem)a range has a subnet, as \"10.10.0.0/16\"")
      return nil
    }
    if text.contains(":") {
      field["subnet"].warning("a lab assigns no IPv6 addresses")
      return nil
    }
    guard let subnet = IPv4Network(text) else {
      field["subnet"].error("invalid CIDR address: \(text)")
      return nil
    }
    guard subnet.prefixLength <= 30 else {
      field["subnet"].error("\(problem)Network \(text) too small to allocate from")
      return nil
    }
    guard subnet.address == subnet.network else {
      field["subnet"].error(
        "\(problem)Network has host bits set. For a subnet mask of length \(subnet.prefixLength)"
          + " the network address is \(subnet.network)")
      return nil
    }
    func address(_ name: String, or other: UInt32) -> IPv4Address {
      guard let text = field[name].node?.goString, !text.isEmpty else {
        return IPv4Address(rawValue: other)
      }
      guard let address = IPv4Address(text) else {
        field[name].error("invalid IP address: \(text)")
        return IPv4Address(rawValue: other)
      }
      return address
    }
    let first = subnet.network.rawValue + 1
    let range = Range(
      subnet: subnet, start: address("rangeStart", or: first),
      end: address("rangeEnd", or: subnet.broadcast.rawValue - 1),
      gateway: address("gateway", or: first))
    for (name, title, value) in [
      ("rangeStart", "RangeStart", range.start), ("rangeEnd", "RangeEnd", range.end),
    ] where !subnet.contains(value) {
      field[name].error("\(problem)\(title) \(value) not in network \(text)")
      return nil
    }
    return range
  }

  private init(fixed field: Field) {
    for entry in field["addresses"].items {
      guard let text = entry["address"].node?.goString else { continue }
      if text.contains(":") {
        entry["address"].warning("a lab assigns no IPv6 addresses")
        continue
      }
      guard let address = IPv4Network(text) else {
        entry["address"].error(
          "the 'address' field is expected to be in CIDR notation, got: '\(text)'")
        continue
      }
      let gateway = entry["gateway"].node?.goString
      if let gateway, IPv4Address(gateway) == nil {
        entry["gateway"].error("invalid IP address: \(gateway)")
      }
      fixed.append(Address(address: address, gateway: gateway.flatMap(IPv4Address.init)))
    }
  }
}
