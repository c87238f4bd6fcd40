import Addresses
import PXEWire

extension WireTracker {
  /// Begins a session if the connection is one to an iSCSI target of a client that asked for an
  /// address; returns where it stands in the client's trace.
  mutating func beginISCSI(
    _ key: ConnectionTable.Key, _ mac: MACAddress, _ context: Context
  ) -> Int? {
    guard let trace = clients[mac], trace.hasExchanges,
      key.port == SANPath.iscsiPort || trace.sanPaths.contains(where: { $0.isServer(key) }),
      trace.iscsiSessions.count < Limits.facts, admit()
    else { return nil }
    return update(mac, at: context.time) { trace in
      trace.iscsiSessions.append(
        ISCSISession(
          server: key.server, port: key.port, vlan: context.vlan, packet: context.packet))
      return trace.iscsiSessions.count - 1
    }
  }

  /// Takes a segment of a client's session in.
  mutating func takeISCSI(
    _ segment: TCPSegment, _ index: Int, _ key: ConnectionTable.Key, _ mac: MACAddress,
    fromClient: Bool, _ context: Context
  ) {
    let isOpen = connections[key]?.isOpen == true
    let isEnd = segment.flags.contains(.rst) || segment.flags.contains(.fin)
    let isNew =
      !fromClient && segment.payloadLength > 0 && !segment.flags.contains(.syn)
      ? connections.change(key) {
        $0.fromServer.take(segment.sequence, length: segment.payloadLength)
      } : nil
    let message = ISCSIMessage(segment.payload, length: segment.payloadLength)
    update(mac, at: context.time) { trace in
      trace.iscsiSessions[index].take(
        message, new: isNew?.new ?? 0, fromClient: fromClient, isOpen: isOpen, context.packet)
      if isEnd { trace.iscsiSessions[index].end(isOpen: isOpen, fromClient: fromClient) }
    }
  }
}

extension ISCSISession {
  fileprivate mutating func take(
    _ message: ISCSIMessage?, new: Int, fromClient: Bool, isOpen: Bool, _ packet: PacketReference
  ) {
    if isOpen, state == .connecting { state = .connected }
    switch message {
    case .loginRequest(let name)? where fromClient:
      target = name.map(Limits.text) ?? target
      if state == .connected { state = .requested }
      lastProgress = packet.time
    case .loginResponse(let status, let isFinal)? where !fromClient && state != .loggedIn:
      loginStatus = status
      loginPacket = packet
      lastProgress = packet.time
      if isFinal, status == .success { state = .loggedIn }
    default:
      guard new > 0 else { return }
      bytes += new
      lastProgress = packet.time
    }
  }

  fileprivate mutating func end(isOpen: Bool, fromClient: Bool) {
    guard state != .refused else { return }
    state = isOpen || fromClient ? .closed : .refused
  }
}

extension SANPath {
  /// Whether a connection goes to its server, by address.
  fileprivate func isServer(_ key: ConnectionTable.Key) -> Bool {
    scheme == "iscsi" && port == key.port && host.flatMap { IPAddress($0) } == key.server
  }
}

extension ClientTrace {
  /// The disks that DHCP names to it as its root path.
  var sanPaths: [SANPath] {
    exchanges.flatMap { $0.offers + $0.acks }.compactMap(\.sanPath)
  }
}

extension DHCPExchange.Reply {
  /// The disk that the root path names; `nil` where it names none.
  var sanPath: SANPath? { rootPath.flatMap { SANPath($0) } }
}
