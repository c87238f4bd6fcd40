import Addresses
import PXEWire

extension WireTracker {
  /// Takes ARP in: who asks for whom, and who answers.
  mutating func observe(
    _ packet: ARPPacket, _ frame: Frame, at time: Timestamp, number: Int
  ) {
    let reference = PacketReference(frame: number, time: time)
    if packet.isReply || packet.senderAddress == packet.targetAddress {
      claim(.v4(packet.senderAddress), by: packet.senderMAC, vlan: frame.vlan, reference)
    }
    if packet.isReply {
      clients[packet.targetMAC]?.unansweredARP.removeAll { $0.address == packet.senderAddress }
    } else if packet.isRequest, !packet.isProbeOrAnnouncement {
      let mac = packet.senderMAC
      guard clients[mac] != nil else { return }
      update(mac, at: time) { trace in
        trace.ask(packet.targetAddress, vlan: frame.vlan, reference)
      }
    }
  }

  /// Takes neighbour and router discovery in (RFC 4861).
  mutating func observe(_ message: NeighborDiscovery, _ context: Context) -> [WireEvent] {
    switch message {
    case .routerSolicitation:
      clients[context.frame.source]?.routerSolicitations += 1
    case .routerAdvertisement(let advertisement):
      guard case .v6(let address) = context.source else { break }
      segment(context.vlan) { segment in
        segment.take(advertisement, from: address, context.frame.source, context.packet)
      }
    case .neighborSolicitation(let target):
      // An address is tried out from the unspecified one; nobody answers unless it is taken.
      guard !context.source.isUnspecified, clients[context.frame.source] != nil else { break }
      update(context.frame.source, at: context.time) { trace in
        trace.ask(target, vlan: context.vlan, context.packet)
      }
    case .neighborAdvertisement(let target, let mac, _):
      claim(.v6(target), by: mac ?? context.frame.source, vlan: context.vlan, context.packet)
      clients[context.frame.destination]?.unansweredNeighbors.removeAll { $0.address == target }
    }
    return []
  }

  /// Takes a bridge protocol data unit in.
  mutating func observe(
    _ unit: SpanningTreeBPDU, _ frame: Frame, at time: Timestamp, number: Int
  ) {
    let packet = PacketReference(frame: number, time: time)
    segment(frame.vlan) { $0.take(unit, packet) }
  }

  private mutating func segment(_ vlan: VLANID?, _ change: (inout SegmentTrace) -> Void) {
    change(&segments[Int(vlan?.rawValue ?? 0), default: SegmentTrace(vlan: vlan)])
  }

  /// Notes who answers for an address, and whether another did before.
  private mutating func claim(
    _ address: IPAddress, by mac: MACAddress, vlan: VLANID?, _ packet: PacketReference
  ) {
    guard !address.isUnspecified else { return }
    let key = Claim(address: address, vlan: vlan)
    guard let first = claims[key] else {
      if claims.count < capacity { claims[key] = mac }
      return
    }
    guard first != mac else { return }
    claims[key] = mac
    segment(vlan) { segment in
      let conflict = SegmentTrace.AddressConflict(
        address: address, first: first, second: mac, packet: packet)
      let isKnown = segment.addressConflicts.contains {
        $0.address == address && Set([$0.first, $0.second]) == Set([first, mac])
      }
      if !isKnown, segment.addressConflicts.count < Limits.facts {
        segment.addressConflicts.append(conflict)
      }
    }
  }
}

extension SegmentTrace {
  mutating func take(_ unit: SpanningTreeBPDU, _ packet: PacketReference) {
    var tree =
      spanningTree
      ?? SpanningTree(
        packet: packet, lastSeen: packet.time, count: 0, isRapid: false, forwardDelay: 0,
        topologyChanges: 0)
    tree.lastSeen = packet.time
    tree.count += 1
    tree.isRapid = tree.isRapid || unit.version >= 2
    tree.forwardDelay = unit.forwardDelay ?? tree.forwardDelay
    if unit.isTopologyChange { tree.topologyChanges += 1 }
    spanningTree = tree
  }

  mutating func take(
    _ advertisement: NeighborDiscovery.RouterAdvertisement, from address: IPv6Address,
    _ mac: MACAddress, _ packet: PacketReference
  ) {
    let prefixes = advertisement.prefixes.map {
      Prefix(address: $0.address, length: Int($0.length), isAutonomous: $0.isAutonomous)
    }
    guard let index = routers.firstIndex(where: { $0.address == address }) else {
      guard routers.count < 16 else { return }
      routers.append(
        Router(
          address: address, mac: mac, packet: packet, count: 1,
          managed: advertisement.isManaged,
          otherConfiguration: advertisement.hasOtherConfiguration,
          lifetime: advertisement.lifetime, prefixes: prefixes, mtu: advertisement.mtu))
      return
    }
    routers[index].count += 1
    routers[index].managed = advertisement.isManaged
    routers[index].otherConfiguration = advertisement.hasOtherConfiguration
    routers[index].lifetime = advertisement.lifetime
    routers[index].prefixes = prefixes
    routers[index].mtu = advertisement.mtu ?? routers[index].mtu
  }
}
