extension Admission {
  private static let models: Set<String> = [
    "", "e1000", "e1000e", "igb", "ne2k_pci", "pcnet", "rtl8139", "virtio",
  ]

  /// The states of an interface (pkg/network/admitter/admit.go).
  func stateCauses(
    _ interface: APIValue, _ index: Int, standard: APIValue?
  ) -> [Cause] {
    let state = interface["state"].string
    if state.isEmpty { return [] }
    let name = interface["name"].string
    let field = "\(interfacePath(index)).state"
    var causes: [Cause] = []
    if !["absent", "down", "up"].contains(state) {
      causes.append(
        Cause(field, "logical \(name) interface state value is unsupported: \(state)"))
    }
    let what = "\(goQuoted(name)) interface's state \(goQuoted(state))"
    if interface["sriov"].exists, ["up", "down"].contains(state) {
      causes.append(Cause(field, "\(what) is not supported for SR-IOV NICs"))
    }
    guard state == "absent" else { return causes }
    if !interface["bridge"].exists {
      causes.append(Cause(field, "\(what) is supported only for bridge binding"))
    }
    if standard?["name"].string == name {
      causes.append(Cause(field, "\(what) is not supported on default networks"))
    }
    return causes
  }

  /// How an interface meets its network (pkg/network/admitter/binding.go).
  func bindingCauses(_ interface: APIValue, _ network: APIValue?, _ index: Int) -> [Cause] {
    let path = interfacePath(index)
    let isPod = network?["pod"].exists ?? false
    var causes: [Cause] = []
    let bindings = ["bridge", "masquerade", "sriov", "passtBinding", "binding"]
    if bindings.count(where: { interface[$0].exists }) != 1 {
      causes.append(
        Cause(
          path,
          "logical \(interface["name"].string) interface must have exactly one binding method"
            + " or binding plugin"))
    }
    if interface["masquerade"].exists {
      if !isPod {
        causes.append(
          Cause("\(path).name", "Masquerade interface only implemented with pod network"))
      }
      if interface["macAddress"].string == "02:00:00:00:00:00" {
        causes.append(
          Cause(
            "\(path).macAddress",
            "The requested MAC address is reserved for the in-pod bridge."
              + " Please choose another one."))
      }
    }
    if interface["bridge"].exists, isPod, !cluster.permitsBridgeOnPodNetwork {
      causes.append(
        Cause(
          "\(path).name",
          "Bridge on pod network configuration is not enabled under kubevirt-config"))
    }
    if interface["passtBinding"].exists {
      if !cluster.isOn("PasstBinding") {
        causes.append(Cause("\(path).name", "PasstBinding feature gate is not enabled"))
      }
      if !isPod {
        causes.append(
          Cause("\(path).name", "PasstBinding interface only implemented with pod network"))
      }
    }
    return causes
  }

  /// Names, models, addresses, ports and DHCP options (pkg/network/admitter/netiface.go).
  func interfaceCauses(_ interface: APIValue, _ network: APIValue?, _ index: Int) -> [Cause] {
    let path = interfacePath(index)
    var causes: [Cause] = []
    let name = interface["name"].string
    let isName =
      !name.isEmpty && name.utf8.allSatisfy { isLetterOrDigit($0) || $0 == 45 || $0 == 95 }
    if !isName {
      causes.append(
        Cause(
          "\(path).name",
          "Network interface name can only contain alphabetical characters, numbers, dashes (-)"
            + " or underscores (_)"))
    }
    let model = interface["model"].string
    if !Self.models.contains(model) {
      causes.append(
        Cause(
          "\(path).model", "interface \(path).name uses model \(model) that is not supported."))
    }
    let address = interface["macAddress"].string
    if !address.isEmpty {
      let octets = hardwareAddress(address)?.count
      if octets.map({ $0 > 6 }) ?? true {
        let fault = octets == nil ? "malformed" : "too long"
        causes.append(
          Cause(
            "\(path).macAddress", "interface \(path).name has \(fault) MAC address (\(address))."))
      }
    }
    let pci = interface["pciAddress"].string
    if !pci.isEmpty, !isPCIAddress(pci) {
      causes.append(
        Cause("\(path).pciAddress", "interface \(path).name has malformed PCI address (\(pci))."))
    }
    if network?["pod"].exists == true { causes += portCauses(interface["ports"].items, path) }
    return causes + portRangeCauses(interface, network, path)
      + dhcpOptionCauses(interface["dhcpOptions"], path)
  }

  private func portCauses(_ ports: [APIValue], _ path: String) -> [Cause] {
    var causes: [Cause] = []
    var names: Set<String> = []
    for (index, port) in ports.enumerated() {
      let path = "\(path).ports[\(index)]"
      let name = port["name"].string
      if !name.isEmpty {
        if !names.insert(name).inserted {
          causes.append(Cause("\(path).name", "Duplicate name of the port: \(name)"))
        }
        if !isPortName(name) {
          causes.append(Cause("\(path).name", "Invalid name of the port: \(name)"))
        }
      }
      let number = port["port"].integer
      if number == 0 { causes.append(Cause("\(path).port", "Port field is mandatory.")) }
      if !(0..<65536).contains(number) {
        causes.append(Cause("\(path).port", "Port field must be in range 0 < x < 65536."))
      }
      if !["", "TCP", "UDP"].contains(port["protocol"].string) {
        causes.append(
          Cause("\(path).protocol", "Unknown protocol, only TCP or UDP allowed"))
      }
    }
    return causes
  }

  private func portRangeCauses(
    _ interface: APIValue, _ network: APIValue?, _ path: String
  ) -> [Cause] {
    guard !interface["portRanges"].items.isEmpty else { return [] }
    let name = "\(path).name"
    if !cluster.isOn("PortRangesSpec") {
      return [
        Cause(
          name,
          "portRanges is specified on interface but the PortRangesSpec feature gate is not enabled")
      ]
    }
    guard network?["pod"].exists == true else { return [] }
    var causes: [Cause] = []
    if !interface["ports"].items.isEmpty {
      causes.append(Cause(name, "Cannot define both ports and portRanges on interface"))
    }
    if !interface["masquerade"].exists {
      causes.append(Cause(name, "portRanges are only supported on masquerade interfaces"))
    }
    let ranges = interface["portRanges"].items
    if ranges.count > 10 {
      return causes + [Cause("\(path).portRanges", "No more than 10 portRanges are allowed")]
    }
    var taken: [String: [ClosedRange<Int>]] = [:]
    for (index, range) in ranges.enumerated() {
      let field = "\(path).portRanges[\(index)]"
      let transport = range["protocol"].string
      let (start, end) = (range["start"].integer, range["end"].integer)
      if !["TCP", "UDP"].contains(transport) {
        causes.append(Cause("\(field).protocol", "Unknown protocol, only TCP or UDP allowed"))
      } else if !(1..<65536).contains(start) {
        causes.append(
          Cause("\(field).start", "Start must be a valid port number, 0 < x < 65536"))
      } else if !(1..<65536).contains(end) {
        causes.append(Cause("\(field).end", "End must be a valid port number, 0 < x < 65536"))
      } else if start > end {
        causes.append(Cause("\(field).start", "Start must be less than or equal to end"))
      } else {
        taken[transport, default: []].append(start...end)
      }
    }
    for (transport, ranges) in taken.sorted(by: { $0.key < $1.key }) {
      let sorted = ranges.sorted {
        ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
      }
      for (one, next) in zip(sorted, sorted.dropFirst()) where next.lowerBound <= one.upperBound {
        causes.append(
          Cause(
            "\(path).portRanges",
            "\(transport) portRanges [\(one.lowerBound)-\(one.upperBound)] and"
              + " [\(next.lowerBound)-\(next.upperBound)] overlap"))
      }
    }
    return causes
  }

  private func dhcpOptionCauses(_ options: APIValue, _ interface: String) -> [Cause] {
    guard options.exists else { return [] }
    var causes: [Cause] = []
    let field = "\(interface).dhcpOptions"
    let numbers = options["privateOptions"].items.map { $0["option"].integer }
    if Set(numbers).count < numbers.count {
      causes.append(
        Cause(
          path, "Found Duplicates: you have provided duplicate DHCPPrivateOptions",
          place: "\(field).privateOptions"))
    }
    if let index = numbers.firstIndex(where: { !(224...254).contains($0) }) {
      causes.append(
        Cause(
          path,
          "provided DHCPPrivateOptions are out of range, must be in range 224 to 254",
          place: "\(field).privateOptions[\(index)].option"))
    }
    for (index, server) in options["ntpServers"].strings.enumerated()
    where !isIPv4Address(server) {
      causes.append(
        Cause(
          "\(field).ntpServers[\(index)]", "NTP servers must be a list of valid IPv4 addresses."))
    }
    return causes
  }
}
