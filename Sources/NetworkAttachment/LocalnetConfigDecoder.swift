import Addresses
import Objects

extension LocalnetConfig {
  /// The plugin's own structure (ovn-kubernetes, go-controller/pkg/cni/types/types.go).
  static let structure = GoStructure(
    name: "NetConf",
    fields: GoStructure.pluginFields + [
      .init(name: "topology", type: .string),
      .init(name: "netAttachDefName", type: .string),
      .init(name: "role", type: .string),
      .init(name: "mtu", type: .int),
      .init(name: "vlanID", type: .int),
      .init(name: "subnets", type: .string),
      .init(name: "excludeSubnets", type: .string),
      .init(name: "reservedSubnets", type: .string),
      .init(name: "joinSubnet", type: .string),
      .init(name: "physicalNetworkName", type: .string),
      .init(name: "allowPersistentIPs", type: .bool),
      .init(name: "deviceID", type: .string),
      .init(name: "logFile", type: .string),
      .init(name: "logLevel", type: .string),
    ])

  /// Reads the configuration; `nil` for another topology.
  ///
  /// - Parameters:
  ///   - networkName: the configuration's name, the default of `physicalNetworkName`.
  ///   - attachment: `namespace/name` of the NetworkAttachmentDefinition; `nil` for a configuration
  ///     without one.
  ///   - isNamespaceKnown: whether the namespace is written, or that of the request.
  init?(_ field: Field, networkName: String, attachment: String?, isNamespaceKnown: Bool = true) {
    GoTypeCheck(release: .newest, prefix: "").check(field, against: Self.structure)
    let topology = field["topology"].node?.goString ?? "layer3"
    guard topology == "localnet" else {
      if !["layer2", "layer3"].contains(topology) {
        field["topology"].error("secondary network topology \(topology) not supported")
      }
      return nil
    }
    let declared = field["netAttachDefName"].node?.goString ?? ""
    if declared.isEmpty {
      field["netAttachDefName"].error("missing NADName in secondary network netconf \(networkName)")
    } else if let attachment, declared != attachment {
      let (wanted, name) = (declared.split(separator: "/"), attachment.split(separator: "/").last)
      if !isNamespaceKnown, wanted.count == 2, wanted.last == name {
        field["netAttachDefName"].warning(
          "this holds only where the attachment is in namespace \(wanted[0]), which it does not"
            + " name: write metadata.namespace, or say -n \(wanted[0])")
      } else {
        field["netAttachDefName"].error(
          "net-attach-def name (\(attachment)) is inconsistent with config (\(declared))")
      }
    }
    if ["default", "ovn-kubernetes"].contains(networkName) {
      field["name"].error("invalid name in in secondary network netconf (\(networkName))")
    }
    if field["ipam"]["type"].exists {
      field["ipam"].error(
        "IPAM key is not supported. Use OVN-K provided IPAM via the subnets attribute")
    }
    if let role = field["role"].node?.goString, !role.isEmpty, role != "secondary" {
      field["role"].error(
        "unexpected network field \"role\" \(role) for \"localnet\" topology, localnet topology"
          + " does not allow network roles to be set since its always a secondary network")
    }
    self.init(
      physicalNetworkName: field["physicalNetworkName"].node?.goString ?? networkName,
      netAttachDefName: declared, mtu: field["mtu"].node?.goInt.flatMap { $0 > 0 ? $0 : nil },
      subnets: field["subnets"].node?.goString,
      excludedSubnets: field["excludeSubnets"].node?.goString,
      allowPersistentIPs: field["allowPersistentIPs"].node?.goBool ?? false)
    if physicalNetworkName.isEmpty { physicalNetworkName = networkName }
    readSubnets(field, networkName: networkName)
    let number = field["vlanID"].node?.goInt ?? 0
    if number != 0 {
      if let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) {
        vlan = id
      } else {
        field["vlanID"].error("invalid VLAN ID \(number) (must be between 0 and 4094)")
      }
    }
  }

  /// IPv4 subnets are judged; IPv6 ones are left to OVN.
  private func readSubnets(_ field: Field, networkName: String) {
    func networks(_ name: String) -> [IPv4Network] {
      (field[name].node?.goString ?? "").split(separator: ",").compactMap { part in
        let text = part.trimmingSpaces
        if text.contains(":") { return nil }
        if let network = IPv4Network(text) { return network }
        field[name].error(
          "invalid subnets in netconf \(networkName): invalid CIDR address: \(text)")
        return nil
      }
    }
    let all = networks("subnets")
    for excluded in networks("excludeSubnets")
    where !all.contains(where: { $0.contains(excluded.address) }) {
      field["excludeSubnets"].error(
        "the provided network subnets do not contain excluded subnets \(excluded)")
    }
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
