import Addresses

/// The VLAN table of a bridge port, as `bridge vlan show` prints it.
package struct PortVLANs: Codable, Hashable, Sendable {
  /// The VLAN that untagged frames from the port join; `nil` when they are dropped.
  package var pvid: VLANID?
  /// VLANs that leave the port untagged, ascending.
  package var untagged: [VLANID]
  /// VLANs that leave the port tagged, ascending.
  package var tagged: [VLANID]

  /// A table.
  package init(pvid: VLANID? = nil, untagged: [VLANID] = [], tagged: [VLANID] = []) {
    self.pvid = pvid
    self.untagged = untagged
    self.tagged = tagged
  }

  /// An access port: one VLAN, untagged both ways.
  package static func access(_ vlan: VLANID) -> PortVLANs {
    PortVLANs(pvid: vlan, untagged: [vlan])
  }

  /// A trunk of all VLANs, of which the default one is untagged.
  package static let everyVLAN = PortVLANs(
    pvid: .bridgeDefault, untagged: [.bridgeDefault],
    tagged: (2...4094).compactMap { VLANID(rawValue: $0) })

  /// Every VLAN of the port, ascending.
  package var members: [VLANID] { (untagged + tagged).sorted() }

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
  /// `100 PVID Egress Untagged, 200, 300-310`, ascending; `none` when the port has no VLAN.
  package var description: String {
    if members.isEmpty { return "none" }
    let marked = Set(untagged + [pvid].compactMap { $0 })
    let plain = VLANRanges(tagged.filter { !marked.contains($0) }).ranges.map { range in
      let text = "\(range.lowerBound)"
      return (
        range.lowerBound.rawValue,
        range.lowerBound == range.upperBound ? text : "\(text)-\(range.upperBound)"
      )
    }
    let others = members.filter(marked.contains).map { vlan in
      (
        vlan.rawValue,
        "\(vlan)" + (vlan == pvid ? " PVID" : "")
          + (untagged.contains(vlan) ? " Egress Untagged" : "")
      )
    }
    return (plain + others).sorted { $0.0 < $1.0 }.map(\.1).joined(separator: ", ")
  }
}
