import Addresses

/// The configuration of the `bridge` CNI plugin (`cnv-bridge` is the same program).
///
/// What it means depends on the plugin's release. From 1.8.0 on an absent `preserveDefaultVlan`
/// means false: VLAN 1 is off the port. In 1.3.0 to 1.7.1, and in OpenShift's documentation, it
/// means true, and 1.2.0 and older never take VLAN 1 off; write the field to mean the same from
/// 1.3.0 on. Fields that the release does not know have their defaults here.
package struct BridgeConfig: Hashable, Sendable {
  /// The release of the plugin.
  package var plugins: CNIPluginsVersion
  /// The bridge's name as written; `cni0` when absent.
  package var bridge: String
  /// The access VLAN; `nil` for 0 or absent.
  package var vlan: VLANID?
  /// Tagged VLANs, ascending; `nil` when `vlanTrunk` is absent.
  package var vlanTrunk: [VLANID]?
  /// `preserveDefaultVlan` as written.
  package var preserveDefaultVLAN: Bool?
  /// Whether frames with another source MAC than the interface's are dropped.
  package var macSpoofCheck: Bool
  /// Whether frames may leave by the port they came from.
  package var hairpinMode: Bool
  /// Whether the bridge is promiscuous.
  package var promiscuousMode: Bool
  /// Whether isolated ports cannot talk to one another.
  package var portIsolation: Bool
  /// The MTU in bytes; `nil` for the kernel's 1500.
  package var mtu: Int?
  /// Whether the container's end stays down.
  package var disableContainerInterface: Bool
  /// Whether the bridge carries the gateway's address (with `ipam` only).
  package var isGateway: Bool
  /// Whether the ports' default route leads to the gateway's address.
  package var isDefaultGateway = false
  /// Whether the gateway's address takes the place of another that the bridge has.
  package var forceAddress = false
  /// What hides the ports' addresses behind the node's; `nil` where `ipMasq` is not set.
  package var masquerade: MasqueradeBackend?
  /// Whether an `ipam` section is there: then an in-pod DHCP server may answer too.
  package var hasIPAM: Bool
  /// The addresses of its ports, where a lab can stand for the `ipam` plugin.
  package var ipam: IPAMConfig?

  /// A configuration with the plugin's defaults.
  package init(
    bridge: String = "cni0", vlan: VLANID? = nil, vlanTrunk: [VLANID]? = nil,
    preserveDefaultVLAN: Bool? = nil, macSpoofCheck: Bool = false, hairpinMode: Bool = false,
    promiscuousMode: Bool = false, portIsolation: Bool = false, mtu: Int? = nil,
    disableContainerInterface: Bool = false, isGateway: Bool = false, hasIPAM: Bool = false,
    plugins: CNIPluginsVersion = .newest
  ) {
    self.plugins = plugins
    self.bridge = bridge
    self.vlan = vlan
    self.vlanTrunk = vlanTrunk
    self.preserveDefaultVLAN = preserveDefaultVLAN
    self.macSpoofCheck = macSpoofCheck
    self.hairpinMode = hairpinMode
    self.promiscuousMode = promiscuousMode
    self.portIsolation = portIsolation
    self.mtu = mtu
    self.disableContainerInterface = disableContainerInterface
    self.isGateway = isGateway
    self.hasIPAM = hasIPAM
  }

  /// Whether the plugin turns VLAN filtering on when it makes the bridge.
  package var wantsVLANFiltering: Bool { vlan != nil || vlanTrunk != nil }

  /// The longest name that Linux takes for a network device, in bytes (IFNAMSIZ less its zero).
  package static let deviceNameLimit = 15

  /// The bridge's name as a network device: the name itself if Linux and the files of iproute2
  /// take it, else its first ten plain characters, a dash and four digits made from the whole
  /// (`bridge-int-….`), so that two such names stay two bridges.
  package var deviceName: String {
    func isPlain(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "-_.".utf8.contains(byte)
      }
    }
    if !bridge.isEmpty, bridge.utf8.count <= Self.deviceNameLimit, bridge.utf8.allSatisfy(isPlain) {
      return bridge
    }
    // FNV-1a, 32 bits, folded to 16.
    var hash: UInt32 = 0x811c_9dc5
    for byte in bridge.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
    let folded = String((hash >> 16) ^ (hash & 0xffff), radix: 16)
    let digits = String(repeating: "0", count: 4 - folded.count) + folded
    let prefix = String(decoding: bridge.utf8.filter(isPlain).prefix(10), as: UTF8.self)
    return "\(prefix)-\(digits)"
  }

  /// The VLAN table of a port after ADD, as the plugin leaves it.
  ///
  /// - Parameter defaultPVID: the VLAN that the bridge gives a new port
  ///   (`vlan_default_pvid`); `nil` when it gives none.
  package func portVLANs(defaultPVID: VLANID? = .bridgeDefault) -> PortVLANs {
    var table = PortVLANs()
    if let defaultPVID { table = .access(defaultPVID) }
    let trunk = vlanTrunk ?? []
    if vlan != nil || !trunk.isEmpty, !preservesDefaultVLAN { table = PortVLANs() }
    if let vlan { table.add(vlan, isPVID: true, isUntagged: true) }
    for tagged in trunk { table.add(tagged, isPVID: false, isUntagged: false) }
    if vlan == nil, !trunk.isEmpty, plugins.removesDefaultVLAN {
      table.add(.bridgeDefault, isPVID: true, isUntagged: true)
    }
    return table
  }

  /// Whether the bridge's own VLAN stays on a port that is given others.
  private var preservesDefaultVLAN: Bool {
    guard plugins.hasVLANTrunk else { return true }
    return preserveDefaultVLAN ?? !plugins.removesDefaultVLAN
  }
}
