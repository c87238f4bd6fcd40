extension Machine {
  private static let models: Set<String> = [
    "e1000", "e1000e", "igb", "ne2k_pci", "pcnet", "rtl8139", "virtio",
  ]

  /// Bindings, models, MAC and PCI addresses and states of interfaces (pkg/network/admitter).
  func interfaceCauses() -> [Cause] {
    interfaces.enumerated().flatMap { index, interface in
      let path = interfacePath(index)
      return bindingCauses(interface, path) + modelCauses(interface, path)
        + addressCauses(interface, path) + stateCauses(interface, path)
    }
  }

  private func bindingCauses(_ interface: NetworkInterface, _ path: String) -> [Cause] {
    guard let binding = interface.binding else {
      return [
        Cause(
          path,
          "logical \(interface.name) interface must have exactly one binding method"
            + " or binding plugin")
      ]
    }
    if binding == .masquerade, let network = network(of: interface), !network.isPod {
      return [Cause("\(path).name", "Masquerade interface only implemented with pod network")]
    }
    return []
  }

  private func modelCauses(_ interface: NetworkInterface, _ path: String) -> [Cause] {
    guard let model = interface.model, !model.isEmpty, !Self.models.contains(model) else {
      return []
    }
    return [
      Cause(
        "\(path).model", "interface \(path).name uses model \(model) that is not supported.")
    ]
  }

  private func addressCauses(_ interface: NetworkInterface, _ path: String) -> [Cause] {
    var causes: [Cause] = []
    if let text = interface.macAddressText, !text.isEmpty {
      let field = "\(path).macAddress"
      switch hardwareAddress(text) {
      case nil:
        causes.append(
          Cause(field, "interface \(path).name has malformed MAC address (\(text))."))
      case let octets? where octets.count > 6:
        causes.append(
          Cause(field, "interface \(path).name has too long MAC address (\(text))."))
      case [2, 0, 0, 0, 0, 0]? where interface.binding == .masquerade:
        causes.append(
          Cause(
            field,
            "The requested MAC address is reserved for the in-pod bridge."
              + " Please choose another one."))
      default: break
      }
    }
    if let text = interface.pciAddress, !isPCIAddress(text) {
      causes.append(
        Cause(
          "\(path).pciAddress", "interface \(path).name has malformed PCI address (\(text))."))
    }
    return causes
  }

  private func stateCauses(_ interface: NetworkInterface, _ path: String) -> [Cause] {
    guard let state = interface.state, !state.isEmpty else { return [] }
    let field = "\(path).state"
    let name = interface.name.debugDescription
    switch state {
    case "up", "down": return []
    case "absent":
      var causes: [Cause] = []
      if interface.binding != .bridge {
        causes.append(
          Cause(
            field,
            "\(name) interface's state \"absent\" is supported only for bridge binding"))
      }
      let network = network(of: interface)
      if network?.isPod == true || network?.multus?.isDefault == true {
        causes.append(
          Cause(
            field, "\(name) interface's state \"absent\" is not supported on default networks"))
      }
      return causes
    default:
      return [
        Cause(field, "logical \(interface.name) interface state value is unsupported: \(state)")
      ]
    }
  }
}

/// Whether a text is `DDDD:BB:SS.F` in hexadecimal, the function 0 to 7.
func isPCIAddress(_ text: String) -> Bool {
  let halves = text.split(separator: ".", omittingEmptySubsequences: false)
  guard halves.count == 2, halves[1].utf8.count == 1, let function = UInt8(halves[1], radix: 8),
    function <= 7
  else { return false }
  let parts = halves[0].split(separator: ":", omittingEmptySubsequences: false)
  return parts.map(\.utf8.count) == [4, 2, 2]
    && parts.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
}
