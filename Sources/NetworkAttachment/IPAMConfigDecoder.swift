import Addresses
import Objects

extension IPAMConfig {
  /// Reads an `ipam` section and reports what its plugin would say; `nil` where there is none, and
  /// for a plugin that a lab cannot stand for, which is a warning.
  ///
  /// - Parameters:
  ///   - cniVersion: of the configuration; old ones have one address of each version of IP.
  ///   - plugins: the release whose words they are.
  ///   - isLab: whether it is for a lab.
  init?(_ field: Field, cniVersion: String, plugins: CNIPluginsVersion, isLab: Bool = true) {
    self.init()
    let type = field["type"].node?.goString
    if let structure = type.flatMap({ Self.structures[$0] }) {
      let known = field.log.problems.count
      GoTypeCheck(release: plugins, prefix: "").check(field, against: structure, path: ["ipam"])
      // What follows would only say that a value is missing which is there.
      if field.log.problems.count > known { return nil }
    }
    switch type {
    case nil, "": return nil
    case "host-local": readHostLocal(field)
    case "static": readStatic(field)
    case let other?:
      guard isLab else { return nil }
      field["type"].warning(
        "a lab assigns no addresses as the ipam plugin \(other.debugDescription) does; it stands"
          + " for host-local and static")
      return nil
    }
    let all = fixed.map(\.address.address) + ranges.compactMap(\.first?.start)
    let versions = all.map(\.bitWidth)
    if ["", "0.1.0", "0.2.0"].contains(cniVersion), Set(versions).count < versions.count {
      field["type"].error(
        "CNI version \(cniVersion) does not support more than 1 address per family")
    }
    readRoutes(field)
  }

  private mutating func readHostLocal(_ field: Field) {
    var sets: [[Field]] = []
    if field.node?.entry("subnet") != nil { sets.append([field]) }
    sets += field["ranges"].items.map(\.items)
    if sets.isEmpty { field.error("no IP ranges specified") }
    for (number, set) in sets.enumerated() {
      let problem = "invalid range set \(number): "
      if set.isEmpty { field["ranges"].error("\(problem)empty range set") }
      let read = set.compactMap { Self.range($0, problem) }
      if let first = read.first, !read.allSatisfy({ $0.isSameVersion(as: first) }) {
        field["ranges"].error("\(problem)mixed address families")
      }
      for (index, one) in read.enumerated() {
        for other in read.dropFirst(index + 1) where one.overlaps(other) {
          field["ranges"].error("\(problem)subnets \(one) and \(other) overlap")
        }
      }
      if read.count == set.count, !read.isEmpty { ranges.append(read) }
    }
    guard ranges.count == sets.count else { return }
    for (index, set) in ranges.enumerated() {
      for (number, other) in ranges.enumerated().dropFirst(index + 1)
      where set.contains(where: { one in other.contains { one.overlaps($0) } }) {
        field["ranges"].error("range set \(index) overlaps with \(number)")
      }
    }
    for (number, set) in ranges.enumerated()
    where IPAMConfig(ranges: [set]).addresses(ofPort: 0) == nil {
      let list = set.map { "\($0)" }.joined(separator: ",")
      field.error(
        "failed to allocate for range \(number): no IP addresses available in range set: \(list)")
    }
  }

  private init(ranges: [[Range]]) {
    self.init()
    self.ranges = ranges
  }

  private static func range(_ field: Field, _ problem: String) -> Range? {
    guard field.node?.entry("subnet") != nil else {
      field["subnet"].error("\(problem)IP <nil> not v4 nor v6 (a range has a subnet)")
      return nil
    }
    let text = field["subnet"].node?.goString ?? ""
    guard let subnet = IPNetwork(text) else {
      field["subnet"].error("invalid CIDR address: \(text)")
      return nil
    }
    guard subnet.prefixLength <= subnet.address.bitWidth - 2, let first = subnet.first.next else {
      field["subnet"].error("\(problem)Network \(subnet) too small to allocate from")
      return nil
    }
    guard subnet.address == subnet.first else {
      field["subnet"].error(
        "\(problem)Network has host bits set. For a subnet mask of length \(subnet.prefixLength)"
          + " the network address is \(subnet.first)")
      return nil
    }
    var range = Range(subnet: subnet, start: first, end: subnet.lastHost, gateway: first)
    var isRight = true
    func read(_ name: String, _ other: IPAddress) -> IPAddress {
      guard let text = field[name].node?.goString, !text.isEmpty else { return other }
      guard let address = IPAddress(text) else {
        field[name].error("invalid IP address: \(text)")
        isRight = false
        return other
      }
      return address
    }
    range.gateway = read("gateway", first)
    range.start = read("rangeStart", range.start)
    range.end = read("rangeEnd", range.end)
    guard isRight else { return nil }
    if !subnet.contains(range.start) {
      field["rangeStart"].error("\(problem)RangeStart \(range.start) not in network \(subnet)")
      return nil
    }
    if !subnet.contains(range.end) || range.end < range.start {
      field["rangeEnd"].error("\(problem)RangeEnd \(range.end) not in network \(subnet)")
      return nil
    }
    return range
  }

  private mutating func readStatic(_ field: Field) {
    for entry in field["addresses"].items {
      guard let text = entry["address"].node?.goString, let address = IPNetwork(text) else {
        entry["address"].error(
          "the 'address' field is expected to be in CIDR notation, got: '"
            + "\(entry["address"].node?.goString ?? "")'")
        continue
      }
      if let other = fixed.map(\.address).first(where: { $0.isTaken(for: address) }) {
        entry["address"].error(
          "failed to add IP addr \(address.address) to \"eth0\": file exists (\(other) is there)")
      }
      fixed.append(Address(address: address, gateway: Self.address(entry["gateway"])))
    }
    if fixed.isEmpty, field["addresses"].items.isEmpty {
      field.error("IPAM plugin returned missing IP config")
    }
  }

  private mutating func readRoutes(_ field: Field) {
    for entry in field["routes"].items {
      guard entry.node?.entry("dst") != nil else { continue }
      let text = entry["dst"].node?.goString ?? ""
      guard let destination = IPNetwork(text) else {
        entry["dst"].error("invalid CIDR address: \(text)")
        continue
      }
      routes.append(Route(destination: destination, gateway: Self.address(entry["gw"])))
    }
  }

  private static func address(_ field: Field) -> IPAddress? {
    guard let text = field.node?.goString, !text.isEmpty else { return nil }
    guard let address = IPAddress(text) else {
      field.error("invalid IP address: \(text)")
      return nil
    }
    return address
  }
}

extension IPAMConfig.Range: CustomStringConvertible {
  /// `FIRST-LAST`, as the plugin has it.
  package var description: String { "\(start)-\(end)" }

  fileprivate func isSameVersion(as other: Self) -> Bool {
    start.bitWidth == other.start.bitWidth
  }

  fileprivate func overlaps(_ other: Self) -> Bool {
    start <= other.end && other.start <= end
  }
}

extension IPNetwork {
  /// Whether an interface with this address cannot have that one too: in IPv4 the prefix tells
  /// addresses apart, in IPv6 it does not (Linux' net/ipv4/devinet.c and net/ipv6/addrconf.c).
  fileprivate func isTaken(for other: IPNetwork) -> Bool {
    address == other.address && (v4 == nil || prefixLength == other.prefixLength)
  }
}
