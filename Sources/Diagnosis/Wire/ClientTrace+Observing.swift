import Addresses
import PXEWire

extension ClientTrace {
  /// Whether the passing of time may still tell something about this client.
  func hasOpenWork(_ namedServers: Set<IPAddress>) -> Bool {
    transfers.indices.contains { transfers[$0].isOpen && !stalled.contains($0) }
      || httpTransfers.indices.contains {
        httpTransfers[$0].isOpen && httpTransfers[$0].state != .connected
          && !stalledHTTP.contains($0)
      }
      || unansweredARP.contains { !$0.reported && namedServers.contains(.v4($0.address)) }
      || unansweredNeighbors.contains { !$0.reported && namedServers.contains(.v6($0.address)) }
      || nameQueries.contains { !$0.reported && !$0.isAnswered }
  }

  mutating func take(_ vlan: Int, at time: Timestamp) {
    framesByVLAN[vlan, default: 0] += 1
    lastSeen = time
  }

  mutating func take(_ tags: [VLANTag], _ packet: PacketReference) {
    // VID 0 is a priority and no VLAN (IEEE 802.1Q clause 9.6).
    let known = tags.map(\.vid).filter { $0 != 0 }
    guard known.count > 1 else { return }
    let outer = known[0]
    let inner = known[1]
    if let index = doubleTags.firstIndex(where: { $0.outer == outer && $0.inner == inner }) {
      doubleTags[index].count += 1
    } else if doubleTags.count < Limits.facts {
      doubleTags.append(DoubleTag(outer: outer, inner: inner, packet: packet, count: 1))
    }
  }

  mutating func ask(_ address: IPv4Address, vlan: VLANID?, _ packet: PacketReference) {
    if let index = unansweredARP.firstIndex(where: { $0.address == address }) {
      unansweredARP[index].ask(again: packet)
    } else if unansweredARP.count < Limits.facts {
      unansweredARP.append(AddressQuestion(address, vlan: vlan, packet))
    }
  }

  mutating func ask(_ address: IPv6Address, vlan: VLANID?, _ packet: PacketReference) {
    if let index = unansweredNeighbors.firstIndex(where: { $0.address == address }) {
      unansweredNeighbors[index].ask(again: packet)
    } else if unansweredNeighbors.count < Limits.facts {
      unansweredNeighbors.append(AddressQuestion(address, vlan: vlan, packet))
    }
  }

  /// A frame was captured on a VLAN and untagged. What is noted of it is on the VLAN.
  ///
  /// - Parameter isCounted: whether it was counted as untagged.
  mutating func adopt(_ vlan: VLANID, isCounted: Bool) {
    if isCounted, let untagged = framesByVLAN[0] {
      framesByVLAN[0] = untagged > 1 ? untagged - 1 : nil
      framesByVLAN[Int(vlan.rawValue), default: 0] += 1
    }
    adoptInExchanges(vlan)
    adoptInTransfers(vlan)
  }

  /// The last exchanges, if they are untagged, are on a VLAN, and without its tag somewhere.
  mutating func adoptInExchanges(_ vlan: VLANID) {
    if let last = exchanges.indices.last, exchanges[last].vlan ?? vlan == vlan {
      exchanges[last].vlan = vlan
      exchanges[last].isAlsoUntagged = true
    }
    if let last = exchangesV6.indices.last, exchangesV6[last].vlan ?? vlan == vlan {
      exchangesV6[last].vlan = vlan
      exchangesV6[last].isAlsoUntagged = true
    }
  }

  mutating func adoptInTransfers(_ vlan: VLANID) {
    if let last = transfers.indices.last, transfers[last].vlan == nil {
      transfers[last].vlan = vlan
    }
    if let last = httpTransfers.indices.last, httpTransfers[last].vlan == nil {
      httpTransfers[last].vlan = vlan
    }
  }

  /// The index of the exchange that a message belongs to. What is seen on another VLAN is another
  /// exchange, even with the same xid, unless a relay agent took it there.
  func exchange(
    _ xid: UInt32, vlan: VLANID?, isRelayed: Bool, isBootServerDiscovery: Bool
  ) -> Int? {
    exchanges.lastIndex {
      $0.xid == xid && $0.isBootServerDiscovery == isBootServerDiscovery
        && ($0.vlan == vlan || (vlan == nil && $0.isAlsoUntagged) || isRelayed || $0.isOnlyRelayed)
    }
  }

  /// The index of the DHCPv6 exchange that a message belongs to.
  func exchangeV6(_ transactionID: UInt32, vlan: VLANID?, isRelayed: Bool) -> Int? {
    exchangesV6.lastIndex {
      $0.transactionID == transactionID
        && ($0.vlan == vlan || (vlan == nil && $0.isAlsoUntagged) || isRelayed || $0.direct.isEmpty)
    }
  }

  /// Whether a name is one of a boot server that DHCP told this client.
  func namesBootServer(_ name: String) -> Bool {
    let name = name.lowercased()
    for exchange in exchanges {
      for reply in exchange.offers + exchange.acks {
        if reply.tftpServerName?.lowercased() == name { return true }
        if reply.bootFile.flatMap(Self.host(ofURL:))?.lowercased() == name { return true }
        if reply.sanPath?.host?.lowercased() == name { return true }
      }
    }
    if httpTransfers.contains(where: {
      $0.location.flatMap(Self.host(ofURL:))?.lowercased() == name
    }) {
      return true
    }
    return exchangesV6.contains { exchange in
      (exchange.advertises + exchange.replies).contains {
        $0.bootFileURL.flatMap(Self.host(ofURL:))?.lowercased() == name
      }
    }
  }
}
