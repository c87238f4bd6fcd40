import Addresses

/// The configuration of the `sriov` CNI plugin (github.com/k8snetworkplumbingwg/sriov-cni): a
/// virtual function of a network card as the machine's port.
package struct SRIOVConfig: Hashable, Sendable {
  /// The access VLAN that the card tags frames with; `nil` for 0 or absent.
  package var vlan: VLANID?
  /// The 802.1p priority of those tags, 0 to 7.
  package var priority: Int
  /// The tags' protocol.
  package var tagProtocol: TagProtocol
  /// Whether the card drops frames with another source MAC; `nil` leaves the driver's default.
  package var spoofCheck: Bool?
  /// Whether the guest may change its MAC and go promiscuous; `nil` leaves the driver's default.
  package var trust: Bool?
  /// The state of the link: `auto`, `enable` or `disable`; `nil` leaves the driver's default.
  package var linkState: String?
  /// The least and the most that is sent, in Mbit/s; `nil` for no limit.
  package var minimumRate: Int?, maximumRate: Int?
  /// Whether an `ipam` section is there.
  package var hasIPAM: Bool

  /// What marks the tags.
  package enum TagProtocol: String, Codable, Hashable, Sendable {
    /// An 802.1Q customer tag, EtherType 0x8100.
    case customer = "802.1q"
    /// An 802.1ad service tag, EtherType 0x88a8.
    case service = "802.1ad"
  }

  /// A configuration.
  package init(
    vlan: VLANID? = nil, priority: Int = 0, tagProtocol: TagProtocol = .customer,
    spoofCheck: Bool? = nil, trust: Bool? = nil, linkState: String? = nil,
    minimumRate: Int? = nil, maximumRate: Int? = nil, hasIPAM: Bool = false
  ) {
    self.vlan = vlan
    self.priority = priority
    self.tagProtocol = tagProtocol
    self.spoofCheck = spoofCheck
    self.trust = trust
    self.linkState = linkState
    self.minimumRate = minimumRate
    self.maximumRate = maximumRate
    self.hasIPAM = hasIPAM
  }
}
