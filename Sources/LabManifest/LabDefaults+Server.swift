import Addresses
import NetworkAttachment
import Objects

extension LabDefaults {
  /// The server that an attachment gets when nothing is said: 192.168.VLAN.1/24, or .77.1/24 on
  /// an untagged network.
  func defaultServer(of attachment: NetworkAttachmentDefinition) -> BootServer? {
    let third = attachment.vlan.map { UInt32($0.rawValue) % 256 } ?? 77
    let base: UInt32 = 192 << 24 | 168 << 16 | third << 8
    let address = IPv4Network(address: IPv4Address(rawValue: base | 1), prefixLength: 24)
    guard let address else { return nil }
    return BootServer(
      vlan: attachment.vlan, address: address,
      rangeStart: IPv4Address(rawValue: base | 50), rangeEnd: IPv4Address(rawValue: base | 99),
      image: BootServer.usualImage)
  }

  func notice(of server: BootServer, on name: String) -> String {
    let place = server.vlan.map { "VLAN \($0)" } ?? "the untagged network"
    let source = sources.labFile == nil ? "no lab.yaml" : "lab.yaml does not list \(name)"
    return "\(source): assuming a server on \(name) at \(server.address) on \(place), leasing"
      + " \(server.rangeStart) to \(server.rangeEnd), image \(server.image ?? "none")"
  }

  /// The server that a `lab.yaml` describes, its gaps filled.
  func server(of attachment: NetworkAttachmentDefinition, _ field: Field) -> BootServer? {
    guard var server = defaultServer(of: attachment) else { return nil }
    if let vlan = field["vlan"].vlan { server.vlan = vlan }
    if let address: IPv4Network = field["address"].value("an address such as 192.168.100.1/24") {
      server.address = address
      (server.rangeStart, server.rangeEnd) = address.defaultRange
    }
    let range = field["range"]
    range.warnUnknown(except: LabFields.range)
    if let start: IPv4Address = range["start"].value("an IPv4 address") {
      server.rangeStart = start
    }
    if let end: IPv4Address = range["end"].value("an IPv4 address") { server.rangeEnd = end }
    if let seconds = field["leaseTime"].seconds {
      // dnsmasq leases for two minutes at least.
      if seconds < 120 { field["leaseTime"].error("a lease is at least 2m") }
      server.leaseSeconds = Int(seconds)
    }
    if field["command"].exists {
      server.command = command(field["command"])
      server.image = nil
      if field["options"].exists {
        field["options"].error("the command is the server: DHCP options are its own matter")
      }
    }
    if let image = field["image"].string { server.image = image }
    server.bootFile = field["bootFile"].string
    server.iPXEScript = field["ipxeScript"].string
    readMethods(field, into: &server)
    server.signedFiles = field["sign"].items.compactMap { item in
      guard let path = item.string else { return nil }
      if path.isEmpty || path.hasPrefix("/") || path.split(separator: "/").contains("..") {
        item.error("\(path.debugDescription) is not a path inside the TFTP root")
      }
      return path
    }
    server.options = field["options"].items.compactMap(BootServer.Option.init)
    check(server, field)
    return server
  }

  /// By what the server boots, and its IPv6 address, which any method over IPv6 needs.
  private func readMethods(_ field: Field, into server: inout BootServer) {
    if field["methods"].exists {
      let items = field["methods"].items
      server.methods = items.compactMap { $0.choice() }
      if case .sequence(let list)? = field["methods"].node?.content, list.isEmpty {
        field["methods"].error("a server boots by one method at least")
      }
      for (index, method) in server.methods.enumerated()
      where server.methods.prefix(index).contains(method) && items.count == server.methods.count {
        items[index].error("\(method.rawValue) is listed twice")
      }
    }
    for (plain, secured) in [(BootMethod.httpv4, BootMethod.httpsv4), (.httpv6, .httpsv6)]
    where server.methods.contains(plain) && server.methods.contains(secured) {
      field["methods"].error(
        "\(plain.rawValue) and \(secured.rawValue) exclude each other: firmware is told one URL")
    }
    // Firmware tries PXE over IPv6 before HTTP, for minutes where nothing answers; where DHCPv6
    // answers without a boot file, it goes on at once.
    if server.methods.contains(where: \.isIPv6) || !server.methods.contains(.pxev4) {
      server.ipv6 = Self.defaultIPv6(on: server.vlan)
    }
    guard let text = field["ipv6"].string else { return }
    guard let slash = text.lastIndex(of: "/"), let address = IPv6Address(String(text[..<slash])),
      text[slash...] == "/64", !address.isMulticast, !address.isLinkLocal
    else {
      field["ipv6"].error(
        "\(text.prefix(64).debugDescription) is not an IPv6 address with a prefix of 64 bits, such"
          + " as fd00:100::1/64")
      return
    }
    if (0x1000...0x1fff).contains(address.low) || address.low == 0 {
      field["ipv6"].error("::1000 to ::1fff of the network are leased, and :: is the routers' own")
    }
    server.ipv6 = address
  }

  /// fd00:VLAN::1, the VLAN's decimal digits as they are; fd00:77::1 when untagged.
  private static func defaultIPv6(on vlan: VLANID?) -> IPv6Address? {
    IPv6Address("fd00:\(vlan.map { "\($0.rawValue)" } ?? "77")::1")
  }

  /// The command of a server of the user's own; `nil` when it is none.
  private func command(_ field: Field) -> [String]? {
    guard let words = field.command else { return nil }
    for (word, item) in zip(words, field.items) {
      for name in VariableReferences.names(in: word) where !BootServer.variables.contains(name) {
        let hint = nearest(to: name, among: BootServer.variables).map {
          "; did you mean $(\($0))?"
        }
        item.warning(
          "$(\(name)) is none of the server's variables\(hint ?? "") (it is left as it is)")
      }
    }
    return words
  }

  private func check(_ server: BootServer, _ field: Field) {
    if let image = server.image,
      image.isEmpty || image.hasPrefix(".") || image.contains("/")
    {
      field["image"].error("\(image.debugDescription) is not the name of a folder under images/")
    }
    for (name, file) in [("bootFile", server.bootFile), ("ipxeScript", server.iPXEScript)] {
      guard let file else { continue }
      if file.isEmpty || file.hasPrefix("/") || file.split(separator: "/").contains("..")
        || file.contains(where: { $0.isWhitespace || $0 == "," })
      {
        field[name].error("\(file.debugDescription) is not a path inside the TFTP root")
      }
    }
    let network = server.address
    if network.prefixLength > 30 {
      field["address"].error("\(network) leaves no address to lease: use a prefix of at most 30")
      return
    }
    if network.address == network.network || network.address == network.broadcast {
      field["address"].error(
        "\(network.address) is the network's own or its broadcast address, not a server's")
    }
    let ends = [("start", server.rangeStart), ("end", server.rangeEnd)]
    for (name, end) in ends where !network.contains(end) {
      field["range"][name].error(
        "\(end) is outside the server's network \(network.network)/\(network.prefixLength)")
    }
    guard ends.allSatisfy({ network.contains($0.1) }) else { return }
    if server.rangeStart > server.rangeEnd {
      field["range"].error("the range starts at \(server.rangeStart), after its end")
    } else if (server.rangeStart...server.rangeEnd).contains(network.address) {
      field["range"].warning(
        "the range holds the server's own address \(network.address), which is never leased")
    }
  }
}

extension BootServer.Option {
  fileprivate init?(_ field: Field) {
    field.warnUnknown(except: LabFields.option)
    guard let number = field["number"].integer, let value = field["value"].stringOrNumber else {
      if !field["number"].exists || !field["value"].exists {
        field.error("a DHCP option has a number and a value")
      }
      return nil
    }
    guard (1...254).contains(number), let number = UInt8(exactly: number) else {
      field["number"].error("\(number) is not a DHCP option: 1 to 254")
      return nil
    }
    if value.contains(where: \.isNewline) {
      field["value"].error("the value of a DHCP option is one line")
      return nil
    }
    self.init(number: number, value: value)
  }
}

extension IPv4Network {
  /// Where leases are given by default: .50 to .99 of the network, or all but its ends and first
  /// address when it is smaller than that.
  fileprivate var defaultRange: (IPv4Address, IPv4Address) {
    let first = network.rawValue
    let last = broadcast.rawValue
    if last - first >= 127 {
      return (IPv4Address(rawValue: first + 50), IPv4Address(rawValue: first + 99))
    }
    guard last - first >= 3 else { return (network, broadcast) }
    return (IPv4Address(rawValue: first + 2), IPv4Address(rawValue: last - 1))
  }
}
