import Addresses
import Objects

extension BridgeConfig {
  /// Reads the plugin's configuration as a release of it does, and reports what it would say.
  ///
  /// - Parameters:
  ///   - onNode: whether a name that no network device can have is an error, as on a node; a lab
  ///     calls the bridge something else and goes on.
  ///   - cniVersion: of the configuration, or of the list that it is in.
  init(
    _ field: Field, cniVersion: String, plugins: CNIPluginsVersion, onNode: Bool, isLab: Bool = true
  ) {
    self.init(plugins: plugins)
    GoTypeCheck(release: plugins, prefix: "failed to load netconf: ")
      .check(field, against: Self.structure)
    let known = Self.structure.fields(in: plugins)
    func value(_ name: String) -> ObjectNode? {
      known[name] == nil ? nil : field[name].node
    }
    bridge = value("bridge")?.goString ?? "cni0"
    hairpinMode = value("hairpinMode")?.goBool ?? false
    promiscuousMode = value("promiscMode")?.goBool ?? false
    macSpoofCheck = value("macspoofchk")?.goBool ?? false
    portIsolation = value("portIsolation")?.goBool ?? false
    disableContainerInterface = value("disableContainerInterface")?.goBool ?? false
    isDefaultGateway = value("isDefaultGateway")?.goBool ?? false
    isGateway = isDefaultGateway || (value("isGateway")?.goBool ?? false)
    forceAddress = value("forceAddress")?.goBool ?? false
    preserveDefaultVLAN = value("preserveDefaultVlan")?.goBool
    hasIPAM = field["ipam"]["type"].node?.goString?.isEmpty == false
    checkVLAN(field["vlan"])
    if known["vlanTrunk"] != nil, field["vlanTrunk"].exists {
      vlanTrunk = Self.trunk(field["vlanTrunk"])
    }
    if plugins.refusesVLANWithTrunk, vlan != nil, vlanTrunk?.isEmpty == false {
      field["vlanTrunk"].error("cannot set vlan and vlanTrunk at the same time")
    }
    if hasIPAM, disableContainerInterface {
      field["ipam"].error("cannot use IPAM when DisableContainerInterface flag is set")
    }
    if hairpinMode, promiscuousMode {
      field["hairpinMode"].error(
        "cannot set hairpin mode and promiscuous mode at the same time"
          + (plugins < CNIPluginsVersion(1, 2, 0) ? "." : ""))
    }
    checkDevice(field, onNode: onNode)
    checkAddress(field)
    if hasIPAM {
      ipam = IPAMConfig(
        field["ipam"], cniVersion: cniVersion, plugins: plugins, isLab: isLab)
      checkPortAddresses(field)
      checkMasquerade(field, value("ipMasqBackend")?.goString)
      field["ipam"].warning(
        "ipam brings a second DHCP server, KubeVirt's in the pod, beside the network's own: a guest"
          + " on a bridge binding takes either's address")
    }
  }

  private func checkPortAddresses(_ field: Field) {
    guard let first = ipam?.addresses(ofPort: 0) else { return }
    if let mtu, mtu < 1280, let address = first.map(\.address).first(where: { $0.v4 == nil }) {
      let words =
        plugins.keepsAddressesOnDown
        ? #"failed to enable keep_addr_on_down for interface "eth0": open "#
          + "/proc/sys/net/ipv6/conf/eth0/keep_addr_on_down: no such file or directory"
        : "failed to add IP addr \(address.address) to \"eth0\": invalid argument"
      field["mtu"].error("\(words) (IPv6 needs an MTU of 1280 bytes: RFC 8200)")
    }
    do {
      _ = try gateways(for: first)
    } catch {
      field["isGateway"].error("\(error)")
    }
  }

  private mutating func checkMasquerade(_ field: Field, _ backend: String?) {
    guard field["ipMasq"].node?.goBool == true else { return }
    masquerade = backend.map { MasqueradeBackend(rawValue: $0) } ?? .iptables
    if let backend, masquerade == nil {
      field["ipMasqBackend"].error("unknown ipmasq backend \(backend.debugDescription)")
    }
  }

  private mutating func checkVLAN(_ field: Field) {
    guard let number = field.node?.goInt, number != 0 else { return }
    guard let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) else {
      field.error("invalid VLAN ID \(number) (must be between 0 and 4094)")
      return
    }
    vlan = id
  }

  /// Names and sizes that the kernel refuses when the bridge is made.
  private mutating func checkDevice(_ field: Field, onNode: Bool) {
    let name = bridge.debugDescription
    let failure = "failed to create bridge \(name): could not add \(name)"
    if bridge.isEmpty {
      field["bridge"].error("\(failure): LinkAttrs.Name cannot be empty")
    } else if bridge == "lo" {
      field["bridge"].error(
        "failed to create bridge \(name): \(name) already exists but is not a bridge")
    } else if bridge.utf8.count > Self.deviceNameLimit {
      let refusal = "\(failure): numerical result out of range"
      let limit =
        "a Linux network device has a name of at most \(Self.deviceNameLimit) characters, this one"
        + " has \(bridge.utf8.count)"
      if onNode {
        field["bridge"].error("\(refusal) (\(limit))")
      } else {
        field["bridge"].warning(
          "\(limit): on a node the plugin says \"\(refusal)\"; the lab calls the bridge"
            + " \(deviceName)")
      }
    } else if !Self.isDeviceName(bridge) {
      field["bridge"].error("\(failure): invalid argument")
    } else if bridge.contains("%d") {
      // The kernel puts a number there, and the plugin does not find what it made.
      field["bridge"].error(
        "failed to create bridge \(name): could not lookup \(name): Link not found")
    }
    guard let number = field["mtu"].node?.goInt, number > 0 else { return }
    guard (68...65535).contains(number) else {
      field["mtu"].error("\(failure): invalid argument (an MTU is 68 to 65535 bytes)")
      return
    }
    mtu = number
  }

  /// Whether Linux takes a name of up to 15 bytes for a device (`dev_valid_name` and
  /// `dev_alloc_name` in net/core/dev.c).
  private static func isDeviceName(_ name: String) -> Bool {
    let isPattern = name.contains("%")
    return name != "." && name != ".."
      && !name.utf8.contains { byte in
        byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":") || (9...13).contains(byte)
          || byte == 0x20 || byte == 0xa0
      }
      && (!isPattern || (name.count { $0 == "%" } == 1 && name.contains("%d")))
  }

  /// The address that a runtime hands to the plugin; `runtimeConfig` goes before `args`.
  private func checkAddress(_ field: Field) {
    let places = [field["runtimeConfig"]["mac"], field["args"]["cni"]["mac"]]
    guard let place = places.first(where: { $0.node?.goString?.isEmpty == false }),
      let text = place.node?.goString
    else { return }
    let failure = "failed to make veth pair: "
    guard let address = MACAddress(text) else {
      place.error("\(failure)address \(text): invalid MAC address")
      return
    }
    if address.isMulticast || address.rawValue == 0 {
      place.error("\(failure)cannot assign requested address")
    }
  }

  private static func trunk(_ field: Field) -> [VLANID] {
    var ids: Set<VLANID> = []
    guard case .sequence = field.node?.content else { return [] }
    for item in field.items {
      guard item.exists else {
        item.error("the plugin crashes at null in vlanTrunk (nil pointer dereference)")
        continue
      }
      guard case .mapping = item.node?.content else { continue }
      func id(_ name: String) -> VLANID? {
        guard let number = item[name].node?.goInt else { return nil }
        if let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) { return id }
        item[name].error("incorrect trunk \(name) parameter")
        return nil
      }
      switch (item["minID"].exists, item["maxID"].exists) {
      case (true, false):
        item["minID"].error(
          "minID and maxID should be configured simultaneously, maxID is missing")
      case (false, true):
        item["maxID"].error(
          "minID and maxID should be configured simultaneously, minID is missing")
      case (true, true):
        let minimum = id("minID")
        let maximum = id("maxID")
        guard let minimum, let maximum else { break }
        if minimum > maximum {
          item["minID"].error("minID is greater than maxID in trunk parameter")
        } else {
          ids.formUnion((minimum.rawValue...maximum.rawValue).compactMap(VLANID.init(rawValue:)))
        }
      case (false, false): break
      }
      if let single = id("id") { ids.insert(single) }
    }
    return ids.sorted()
  }
}
