import Addresses
import Manifest

extension BridgeConfig {
  /// Reads the plugin's configuration and reports what the plugin would, in its order.
  init(_ field: Field) {
    self.init()
    bridge = field["bridge"].goString ?? "cni0"
    if bridge.isEmpty { bridge = "cni0" }
    hairpinMode = field["hairpinMode"].goBool ?? false
    promiscuousMode = field["promiscMode"].goBool ?? false
    macSpoofCheck = field["macspoofchk"].goBool ?? false
    portIsolation = field["portIsolation"].goBool ?? false
    disableContainerInterface = field["disableContainerInterface"].goBool ?? false
    isGateway = field["isGateway"].goBool ?? false
    preserveDefaultVLAN = field["preserveDefaultVlan"].goBool
    hasIPAM = field["ipam"]["type"].exists
    checkVLAN(field["vlan"])
    if field["vlanTrunk"].exists { vlanTrunk = Self.trunk(field["vlanTrunk"]) }
    if hasIPAM, disableContainerInterface {
      field["ipam"].error("cannot use IPAM when DisableContainerInterface flag is set")
    }
    if hairpinMode, promiscuousMode {
      field["hairpinMode"].error(
        "cannot set hairpin mode and promiscuous mode at the same time")
    }
    checkDevice(field)
    if hasIPAM {
      field["ipam"].warning(
        "ipam is not applied in a lab; on a cluster it brings a second DHCP server, in the pod,"
          + " beside the network's own")
    }
  }

  private mutating func checkVLAN(_ field: Field) {
    guard let number = field.goInt, number != 0 else { return }
    guard let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) else {
      field.error("invalid VLAN ID \(number) (must be between 0 and 4094)")
      return
    }
    vlan = id
  }

  /// Names and sizes that the kernel refuses when the bridge is made.
  private mutating func checkDevice(_ field: Field) {
    let name = bridge.debugDescription
    let failure = "failed to create bridge \(name): could not add \(name)"
    if bridge.contains("/") || bridge.contains(where: \.isWhitespace) || bridge == "."
      || bridge == ".." || bridge.contains(":")
    {
      field["bridge"].error("\(failure): invalid argument")
    } else if bridge.utf8.count > Self.deviceNameLimit {
      field["bridge"].warning(
        "a Linux network device has a name of at most \(Self.deviceNameLimit) characters, this one"
          + " has \(bridge.utf8.count): on a node the plugin says \"\(failure): numerical result"
          + " out of range\"; the lab calls the bridge \(deviceName)")
    }
    guard let number = field["mtu"].goInt, number > 0 else { return }
    guard (68...65535).contains(number) else {
      field["mtu"].error("\(failure): invalid argument (an MTU is 68 to 65535 bytes)")
      return
    }
    mtu = number
  }

  private static func trunk(_ field: Field) -> [VLANID] {
    var ids: Set<VLANID> = []
    for item in field.items {
      func id(_ name: String) -> (isThere: Bool, id: VLANID?) {
        guard item[name].exists else { return (false, nil) }
        guard let number = item[name].goInt else { return (true, nil) }
        guard let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) else {
          item[name].error("incorrect trunk \(name) parameter")
          return (true, nil)
        }
        return (true, id)
      }
      let (hasMinimum, minimum) = id("minID")
      let (hasMaximum, maximum) = id("maxID")
      if hasMinimum, !hasMaximum {
        item["minID"].error(
          "minID and maxID should be configured simultaneously, maxID is missing")
      } else if hasMaximum, !hasMinimum {
        item["maxID"].error(
          "minID and maxID should be configured simultaneously, minID is missing")
      } else if let minimum, let maximum {
        if minimum > maximum {
          item["minID"].error("minID is greater than maxID in trunk parameter")
        } else {
          ids.formUnion((minimum.rawValue...maximum.rawValue).compactMap(VLANID.init(rawValue:)))
        }
      }
      if let single = id("id").id { ids.insert(single) }
    }
    return ids.sorted()
  }
}

extension Field {
  /// The last part of the path, as Go names the field of its structure.
  private var goName: String { path.split(separator: ".").last.map(String.init) ?? path }

  private func goMismatch(_ type: String) {
    guard let node else { return }
    var kind = node.jsonKind
    if case .scalar(let scalar) = node.content, kind == "number" { kind += " \(scalar.text)" }
    error(
      "failed to load netconf: json: cannot unmarshal \(kind) into Go struct field"
        + " NetConf.\(goName) of type \(type)")
  }

  /// A whole number, written without a fraction or exponent, as Go's decoder wants it.
  fileprivate var goInt: Int? {
    guard let node else { return nil }
    if case .scalar(let scalar) = node.content, scalar.isPlain, let value = Int(scalar.text) {
      return value
    }
    goMismatch("int")
    return nil
  }

  fileprivate var goBool: Bool? {
    guard let node else { return nil }
    if case .scalar(let scalar) = node.content, scalar.isPlain, let value = Bool(scalar.text) {
      return value
    }
    goMismatch("bool")
    return nil
  }

  fileprivate var goString: String? {
    guard let node else { return nil }
    if case .scalar(let scalar) = node.content, !scalar.isPlain { return scalar.text }
    goMismatch("string")
    return nil
  }
}
