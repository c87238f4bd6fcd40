import Addresses

/// The VLAN table of a bridge port, as `bridge vlan show` prints it.
public struct PortVLANs: Codable, Hashable, Sendable {
  /// The VLAN that untagged frames from the port join; `nil` when they are dropped.
  public var pvid: VLANID?
  /// VLANs that leave the port untagged, ascending.
  public var untagged: [VLANID]
  /// VLANs that leave the port tagged, ascending.
  public var tagged: [VLANID]

  /// A table.
  public init(pvid: VLANID? = nil, untagged: [VLANID] = [], tagged: [VLANID] = []) {
    self.pvid = pvid
    self.untagged = untagged
    self.tagged = tagged
  }

  /// An access port: one VLAN, untagged both ways.
  public static func access(_ vlan: VLANID) -> PortVLANs {
    PortVLANs(pvid: vlan, untagged: [vlan])
  }

  /// Every VLAN of the port, ascending.
  public var members: [VLANID] { (untagged + tagged).sorted() }

  /// Adds a VLAN as `bridge vlan add` does: adding one that is there replaces its flags.
  mutating func add(_ vlan: VLANID, isPVID: Bool, isUntagged: Bool) {
    untagged.removeAll { $0 == vlan }
    tagged.removeAll { $0 == vlan }
    if isPVID {
      pvid = vlan
    } else if pvid == vlan {
      pvid = nil
    }
    if isUntagged {
      untagged = (untagged + [vlan]).sorted()
    } else {
      tagged = (tagged + [vlan]).sorted()
    }
  }
}

extension PortVLANs: CustomStringConvertible {
  /// `100 PVID Egress Untagged, 200`, ascending; `none` when the port has no VLAN.
  public var description: String {
    if members.isEmpty { return "none" }
    return members.map { vlan in
      var text = "\(vlan)"
      if vlan == pvid { text += " PVID" }
      if untagged.contains(vlan) { text += " Egress Untagged" }
      return text
    }.joined(separator: ", ")
  }
}
