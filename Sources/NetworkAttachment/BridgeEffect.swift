import Addresses

/// What the `bridge` plugin makes of a configuration, as far as it can differ between releases.
package struct BridgeEffect: Codable, Hashable, Sendable {
  /// Whether the bridge filters VLANs, if the plugin makes it.
  package var filtersVLANs: Bool
  /// Whether the bridge is promiscuous.
  package var promiscuous: Bool
  /// The MTU of bridge and port in bytes.
  package var mtu: Int
  /// The port's VLAN table.
  package var vlans: PortVLANs
  /// Whether the port sends frames back where they came from.
  package var hairpin: Bool
  /// Whether the port is isolated from other isolated ones.
  package var isolated: Bool
  /// Whether frames with another source MAC are dropped.
  package var macSpoofCheck: Bool
  /// Whether the container's end is up.
  package var containerInterfaceUp: Bool

  /// The effect of a configuration on a bridge that the plugin makes itself.
  package init(_ config: BridgeConfig) {
    filtersVLANs = config.wantsVLANFiltering
    promiscuous = config.promiscuousMode
    mtu = config.mtu ?? 1500
    vlans = config.portVLANs()
    hairpin = config.hairpinMode
    isolated = config.portIsolation
    macSpoofCheck = config.macSpoofCheck
    containerInterfaceUp = !config.disableContainerInterface
  }

  /// What is said of the effect where it differs from another.
  func differences(from other: BridgeEffect) -> [String] {
    var texts: [String] = []
    if vlans != other.vlans { texts.append("the port has \(vlans.summary)") }
    if filtersVLANs != other.filtersVLANs {
      texts.append("the bridge \(filtersVLANs ? "filters" : "does not filter") VLANs")
    }
    if isolated != other.isolated { texts.append("the port is\(isolated ? "" : " not") isolated") }
    if macSpoofCheck != other.macSpoofCheck {
      texts.append("source MACs are\(macSpoofCheck ? "" : " not") checked")
    }
    if containerInterfaceUp != other.containerInterfaceUp {
      texts.append("the container's end is \(containerInterfaceUp ? "up" : "down")")
    }
    return texts
  }
}

extension PortVLANs {
  /// `VLAN 100 (native, untagged), 200-205 tagged`.
  var summary: String {
    guard !members.isEmpty else { return "no VLAN" }
    var parts = untagged.map { vlan in
      "VLAN \(vlan) untagged" + (vlan == pvid ? " (native)" : " on the way out only")
    }
    if !tagged.isEmpty { parts.append("VLAN \(VLANRanges(tagged)) tagged") }
    return parts.joined(separator: ", ") + (pvid == nil ? ", and no native VLAN" : "")
  }
}
