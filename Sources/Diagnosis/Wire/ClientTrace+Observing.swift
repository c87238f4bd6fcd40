import Addresses
import PXEWire

extension ClientTrace {
  /// Whether the passing of time may still tell something about this client.
  var hasOpenWork: Bool {
    transfers.indices.contains { transfers[$0].isOpen && !stalled.contains($0) }
      || unansweredARP.contains { !$0.reported && bootServers.contains(.v4($0.address)) }
  }

  mutating func take(_ vlan: Int, at time: Timestamp) {
    framesByVLAN[vlan, default: 0] += 1
    lastSeen = time
  }

  mutating func ask(_ address: IPv4Address, vlan: VLANID?, _ packet: PacketReference) {
    if let index = unansweredARP.firstIndex(where: { $0.address == address }) {
      unansweredARP[index].count += 1
    } else {
      unansweredARP.append(
        UnansweredARP(
          address: address, vlan: vlan, since: packet.time, frame: packet.frame, count: 1))
    }
  }

  /// The frame just counted as untagged is on a VLAN after all.
  mutating func adopt(_ vlan: VLANID) {
    if let untagged = framesByVLAN[0] {
      framesByVLAN[0] = untagged > 1 ? untagged - 1 : nil
      framesByVLAN[Int(vlan.rawValue), default: 0] += 1
    }
    if let last = exchanges.indices.last, exchanges[last].vlan == nil {
      exchanges[last].vlan = vlan
    }
    adoptInTransfers(vlan)
  }

  mutating func adoptInTransfers(_ vlan: VLANID) {
    if let last = transfers.indices.last, transfers[last].vlan == nil {
      transfers[last].vlan = vlan
    }
  }

  /// The index of the exchange that a message belongs to, added if it is new. What is
  /// seen on another VLAN is another exchange, even with the same xid.
  mutating func exchange(_ xid: UInt32, vlan: VLANID?, at time: Timestamp) -> Int {
    if let index = exchanges.lastIndex(where: { $0.xid == xid && $0.vlan == vlan }) {
      return index
    }
    exchanges.append(DHCPExchange(xid: xid, vlan: vlan, started: time))
    return exchanges.count - 1
  }
}
