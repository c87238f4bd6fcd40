import Addresses
import NetworkAttachment

extension DataplanePlan {
  /// One attachment's bridge with one machine's port on it, as `up` makes them: of a localnet on
  /// Open vSwitch, of all others on the Linux bridge.
  ///
  /// - Parameters:
  ///   - device: the port's device, at most 15 bytes.
  ///   - mac: the machine's address.
  ///   - directory: where Open vSwitch keeps its files.
  /// - Throws: `GatewayRefusal` where the plugin would not give the node its addresses.
  package init(
    _ attachment: NetworkAttachmentDefinition, device: String, mac: MACAddress, directory: String
  ) throws {
    let engine: DataplaneEngine =
      if case .localnet = attachment.config { .openVSwitch } else { .linuxBridge }
    let port = PortPlan(
      device: device, machine: attachment.name, interface: device, mac: mac,
      attachment: attachment, title: attachment.name)
    var bridge = BridgePlan(
      name: attachment.bridgeName, device: attachment.bridgeDevice,
      captureDevice: engine == .linuxBridge
        ? attachment.bridgeDevice
        : DeviceName.mirror(bridge: attachment.bridgeDevice),
      filtersVLANs: attachment.wantsVLANFiltering,
      isPromiscuous: attachment.wantsPromiscuity, mtu: attachment.mtu, ports: [port])
    if case .bridge(let config) = attachment.config,
      let addresses = config.ipam?.addresses(ofPort: 0)
    {
      try bridge.serve(addresses, of: config, network: attachment.networkName, engine: engine)
    }
    self.init(
      engine: Reasoned(engine, because: "the attachment is of type \(attachment.type)"),
      bridges: [bridge], directory: directory)
  }
}
