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
  public init(
    _ attachment: NetworkAttachmentDefinition, device: String, mac: MACAddress, directory: String
  ) {
    let engine: DataplaneEngine =
      if case .localnet = attachment.config { .openVSwitch } else { .linuxBridge }
    let port = PortPlan(
      device: device, machine: attachment.name, interface: device, mac: mac,
      attachment: attachment, title: attachment.name)
    self.init(
      engine: Reasoned(engine, because: "the attachment is of type \(attachment.type)"),
      bridges: [
        BridgePlan(
          name: attachment.bridgeName, device: attachment.bridgeDevice,
          captureDevice: engine == .linuxBridge ? attachment.bridgeDevice : "pxl-m0",
          filtersVLANs: attachment.wantsVLANFiltering,
          isPromiscuous: attachment.wantsPromiscuity, mtu: attachment.mtu, ports: [port])
      ], directory: directory)
  }
}
