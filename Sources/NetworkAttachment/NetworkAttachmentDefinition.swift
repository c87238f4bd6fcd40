import Addresses
import Objects

/// A `k8s.cni.cncf.io/v1` NetworkAttachmentDefinition.
package struct NetworkAttachmentDefinition: Hashable, Sendable {
  /// What the attachment makes.
  package enum Config: Hashable, Sendable {
    /// A port on a Linux bridge.
    case bridge(BridgeConfig)
    /// A port on a node's Open vSwitch bridge.
    case localnet(LocalnetConfig)
    /// A virtual function of a network card.
    case sriov(SRIOVConfig)
  }

  /// `metadata.name`.
  package var name: String
  /// `metadata.namespace`, `default` when absent.
  package var namespace: String
  /// The CNI version of the configuration as written.
  package var cniVersion: String
  /// The configuration's name; the attachment's when it has none, as Multus puts it in.
  package var networkName: String
  /// The CNI plugin: `bridge`, `cnv-bridge`, `ovn-k8s-cni-overlay` or `sriov`.
  package var type: String
  /// The annotation `k8s.v1.cni.cncf.io/resourceName`.
  package var resourceName: String?
  /// What the attachment makes.
  package var config: Config
  /// Where the object begins in its file.
  package var location: SourceLocation

  /// An attachment.
  package init(
    name: String, namespace: String = "default", cniVersion: String = "0.3.1",
    networkName: String? = nil, type: String = "bridge", resourceName: String? = nil,
    config: Config, location: SourceLocation
  ) {
    self.name = name
    self.namespace = namespace
    self.cniVersion = cniVersion
    self.networkName = networkName ?? name
    self.type = type
    self.resourceName = resourceName
    self.config = config
    self.location = location
  }
}

extension NetworkAttachmentDefinition {
  /// The access VLAN of a machine's port; `nil` when it is untagged.
  package var vlan: VLANID? {
    switch config {
    case .bridge(let bridge): bridge.vlan
    case .localnet(let localnet): localnet.vlan
    case .sriov(let sriov): sriov.vlan
    }
  }

  /// The name of the bridge as written: for a localnet, that of its physical network; for virtual
  /// functions, what comes after the last slash of the resource that they are from.
  package var bridgeName: String {
    switch config {
    case .bridge(let bridge): bridge.bridge
    case .localnet(let localnet): localnet.physicalNetworkName
    case .sriov: resourceName?.split(separator: "/").last.map(String.init) ?? name
    }
  }

  /// The name of the bridge as a network device.
  package var bridgeDevice: String {
    switch config {
    case .bridge(let bridge): bridge.deviceName
    case .localnet(let localnet): BridgeConfig(bridge: localnet.physicalNetworkName).deviceName
    case .sriov: BridgeConfig(bridge: bridgeName).deviceName
    }
  }

  /// The MTU in bytes; `nil` for what the network has.
  package var mtu: Int? {
    switch config {
    case .bridge(let bridge): bridge.mtu
    case .localnet(let localnet): localnet.mtu
    case .sriov: nil
    }
  }

  /// Whether it is a port of a node's Open vSwitch.
  package var isLocalnet: Bool {
    if case .localnet = config { true } else { false }
  }

  /// Whether frames with another source MAC than the interface's are dropped.
  package var checksSource: Bool {
    if case .bridge(let bridge) = config { bridge.macSpoofCheck } else { false }
  }

  /// The VLAN table of a machine's port.
  package var portVLANs: PortVLANs {
    switch config {
    case .bridge(let bridge): bridge.portVLANs()
    case .localnet(let localnet): .access(localnet.vlan ?? .bridgeDefault)
    case .sriov(let sriov): .access(sriov.vlan ?? .bridgeDefault)
    }
  }
}

extension NetworkAttachmentDefinition {
  /// The attachment's identity.
  package var key: ObjectKey {
    ObjectKey(.networkAttachmentDefinitions, namespace: namespace, name: name)
  }

  /// Where a key of the plugin's configuration is, and its path in the object; `nil` when it is not
  /// there.
  package static func place(of key: String, in document: ManifestDocument)
    -> (location: SourceLocation, path: String)?
  {
    let log = ProblemLog(object: document.object)
    let configuration = CNIConfiguration(document.fields(log)["spec"]["config"])
    guard let field = configuration?.plugin[key], field.exists else { return nil }
    return (field.location, field.path)
  }
}
