import Addresses
import PXEWire

extension WireTracker {
  /// Takes over what was seen of a network that turns out to be this one: the same frame was seen in
  /// both. Of a client with conversations in both, each keeps its own.
  mutating func absorb(_ other: inout WireTracker) {
    for (mac, trace) in other.clients {
      guard clients[mac].map({ !$0.hasConversation }) ?? (clients.count < capacity) else {
        continue
      }
      clients[mac] = clients[mac].map { trace.adding($0) } ?? trace
      if other.open.contains(mac) { open.insert(mac) }
      other.clients[mac] = nil
      other.open.remove(mac)
    }
    for (id, place) in other.transferIndex where other.clients[place.mac] == nil {
      transferIndex[id] = place
      other.transferIndex[id] = nil
    }
    for (key, connection) in other.connections.all where other.clients[connection.mac] == nil {
      connections.insert(connection, key)
    }
    segments.merge(other.segments) { own, _ in own }
    take(other.owners, into: \.owners)
    take(other.knownSizes, into: \.knownSizes)
    take(other.identifiedMACs, into: \.identifiedMACs)
    take(other.claims, into: \.claims)
    for server in other.namedServers where namedServers.count < capacity {
      namedServers.insert(server)
    }
    other.segments = [:]
  }

  private mutating func take<Key, Value>(
    _ entries: [Key: Value], into table: WritableKeyPath<WireTracker, [Key: Value]>
  ) {
    for (key, value) in entries
    where self[keyPath: table].count < capacity && self[keyPath: table][key] == nil {
      self[keyPath: table][key] = value
    }
  }

  /// The tunnel that its network is inside: `VXLAN, VNI 42`; `nil` for what was captured as it is.
  var tunnel: String? {
    guard network > 0 else { return nil }
    return clients.values.compactMap(\.tunnels.first).min { $0.packet.frame < $1.packet.frame }?
      .name
  }

  /// Notes the tunnels that the last frame came through with whom it concerns: its sender, its receiver
  /// and the client that it was about.
  mutating func note(_ tunnels: [Tunnel], of frame: Frame, _ packet: PacketReference) {
    for mac in Set([frame.source, frame.destination, concerned ?? frame.source]) {
      change(mac) { $0.note(tunnels, packet) }
    }
  }
}

extension ClientTrace {
  /// The same with what was seen of its frames in another network.
  fileprivate func adding(_ other: ClientTrace) -> ClientTrace {
    var sum = self
    sum.framesByVLAN.merge(other.framesByVLAN, uniquingKeysWith: +)
    sum.framesReceived += other.framesReceived
    sum.lastSeen = max(lastSeen, other.lastSeen)
    return sum
  }

  /// Notes the tunnels that a frame from or to it came through.
  fileprivate mutating func note(_ path: [Tunnel], _ packet: PacketReference) {
    let isKnown = tunnels.contains {
      $0.path == path || ($0.path.count == path.count && $0.path == path.map(\.reversed))
    }
    guard !isKnown, tunnels.count < Limits.tunnels else { return }
    tunnels.append(TunnelPath(path: path, packet: packet))
  }
}
