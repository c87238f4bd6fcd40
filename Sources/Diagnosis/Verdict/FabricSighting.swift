import Addresses
import PXEWire

/// What of a machine was seen between its node and its server: on the fabric, beyond the uplink of the
/// node's bridge. A frame that is on both is one frame.
package struct FabricSighting: Sendable {
  /// The machine's frames on the fabric since its boot began; `nil` where none came.
  package var trace: ClientTrace?

  /// What was seen.
  package init(trace: ClientTrace?) { self.trace = trace }
}

extension Evidence {
  /// How far the machine's DISCOVERs got, as a clause; `nil` in a lab of one node, without a DISCOVER, and
  /// where nobody listened on the fabric.
  var discoverPath: String? {
    guard let uplink = host?.uplink, let fabric,
      let sent = trace?.exchanges.filter({ $0.discovers > 0 }), let first = sent.first
    else { return nil }
    let bridge = "\(uplink.node)'s \(uplink.bridge)"
    guard let port = uplink.port else {
      return "left no further than \(bridge), which has no uplink"
    }
    let transactions = Set(sent.map(\.xid))
    // By its transaction the same DISCOVER is known on the other side, whatever tag it has there.
    let arrived = fabric.trace?.exchanges.filter {
      $0.discovers > 0 && transactions.contains($0.xid)
    }
    guard let there = arrived?.first else {
      let pvid = host?.port(of: mac)?.pvid
      let isCarried = pvid.map { port.tagged.contains($0) || port.untagged.contains($0) } ?? true
      return "left \(bridge), did not leave its uplink"
        + (isCarried
          ? "" : ": \(pvid.map { "VLAN \($0)" } ?? "the untagged VLAN") is not on that trunk")
    }
    guard there.vlan == first.vlan else {
      return
        "left \(bridge) \(Self.place(first.vlan)), came to the fabric \(Self.place(there.vlan))"
    }
    let isOffered = arrived?.contains { !$0.offers.isEmpty } ?? false
    let isHeard = sent.contains { !$0.offers.isEmpty }
    let end =
      isHeard
      ? ""
      : isOffered ? "; its OFFER did not come back to \(bridge)" : ", and no OFFER followed there"
    return "left \(bridge), came to the fabric \(Self.place(there.vlan))\(end)"
  }

  private static func place(_ vlan: VLANID?) -> String {
    vlan.map { "on VLAN \($0)" } ?? "without a tag"
  }

  /// How far the DISCOVERs got, as evidence; empty where that is not known.
  var pathEvidence: [EvidenceItem] {
    discoverPath.map { [EvidenceItem("the way of the DISCOVER: it \($0)")] } ?? []
  }
}
