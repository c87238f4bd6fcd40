import Addresses
import Manifest

extension LocalnetConfig {
  /// Reads the configuration; `nil` for another topology.
  ///
  /// - Parameters:
  ///   - networkName: the configuration's name, the default of `physicalNetworkName`.
  ///   - attachment: `namespace/name` of the NetworkAttachmentDefinition.
  init?(_ field: Field, networkName: String, attachment: String) {
    let topology = field["topology"].string ?? "layer3"
    guard topology == "localnet" else {
      field["topology"].error(
        "topology \(topology.debugDescription) is not one that a lab can stand for;"
          + " use \"localnet\"")
      return nil
    }
    let declared = field["netAttachDefName"].string ?? ""
    if declared.isEmpty {
      field["netAttachDefName"].error("missing NADName in secondary network netconf \(networkName)")
    } else if declared != attachment {
      field["netAttachDefName"].error(
        "net-attach-def name (\(attachment)) is inconsistent with config (\(declared))")
    }
    if field["ipam"]["type"].exists {
      field["ipam"].error(
        "IPAM key is not supported. Use OVN-K provided IPAM via the subnets attribute")
    }
    self.init(
      physicalNetworkName: field["physicalNetworkName"].string ?? networkName,
      netAttachDefName: declared, mtu: field["mtu"].integer, subnets: field["subnets"].string)
    let number = field["vlanID"].integer ?? 0
    if number != 0 {
      if let raw = UInt16(exactly: number), let id = VLANID(rawValue: raw) {
        vlan = id
      } else {
        field["vlanID"].error("invalid VLAN ID \(number) (must be between 0 and 4094)")
      }
    }
  }
}
