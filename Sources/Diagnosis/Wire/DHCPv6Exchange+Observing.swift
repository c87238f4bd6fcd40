import Addresses
import PXEWire

extension DHCPv6Exchange {
  /// Takes a message of the client in. Returns whether it is news, and not a relay agent's copy of
  /// what the client was heard to say.
  mutating func take(
    _ message: DHCPv6Message, _ relays: [DHCPv6Message.Relay], checksum: UDPDatagram.Checksum,
    _ packet: PacketReference
  ) -> Bool {
    let type = message.type.rawValue
    let isNews = relays.isEmpty || direct[type] == nil
    if relays.isEmpty { direct[type, default: 0] += 1 } else { relayed[type, default: 0] += 1 }
    clientDUID = message.clientIdentifier.map { Limits.text("\($0)") } ?? clientDUID
    architecture = message.clientArchitectures?.first ?? architecture
    vendorClass = message.vendorClass?.classes.first.map(Limits.text) ?? vendorClass
    if let classes = message.userClasses { userClasses = classes.prefix(16).map(Limits.text) }
    isIPXE = isIPXE || message.isFromIPXE
    if let list = message.requestedOptions { requestedOptions = Array(list.prefix(255)) }
    elapsed = max(elapsed, Int(message.elapsedTime ?? 0))
    for relay in relays.map(\.linkAddress)
    where !self.relays.contains(relay) && self.relays.count < Limits.facts {
      self.relays.append(relay)
    }
    if clientMessages.count < Limits.messages {
      clientMessages.append(
        ClientMessage(
          packet: packet, type: "\(message.type)", relay: relays.last?.linkAddress,
          checksum: checksum))
    }
    let count = direct[type] ?? relayed[type] ?? 0
    switch message.type {
    case .solicit: solicits = count
    case .request: requests = count
    case .informationRequest: informationRequests = count
    default: break
    }
    return isNews
  }

  /// Takes a server's message in. Returns whether it is news, and not the same on its way from the
  /// relay agent to the client.
  mutating func take(_ reply: Reply, _ type: DHCPv6MessageType) -> Bool {
    type == .advertise
      ? Self.add(reply, to: &advertises) : Self.add(reply, to: &replies)
  }

  private static func add(_ reply: Reply, to replies: inout [Reply]) -> Bool {
    if let index = replies.lastIndex(where: {
      $0.isToRelay != reply.isToRelay && $0.serverDUID == reply.serverDUID
        && $0.addresses == reply.addresses && reply.time.seconds(since: $0.time) < 2
    }) {
      if replies[index].isToRelay {
        replies[index].isToRelay = false
        replies[index].serverMAC = reply.serverMAC
        replies[index].checksum = reply.checksum
      }
      return false
    }
    if replies.count < Limits.messages { replies.append(reply) }
    return true
  }
}

extension DHCPv6Exchange.Reply {
  init(
    _ message: DHCPv6Message, checksum: UDPDatagram.Checksum, isToRelay: Bool,
    _ context: WireTracker.Context
  ) {
    let failure = message.failure
    self.init(
      time: context.time, frame: context.number,
      serverDUID: message.serverIdentifier.map { Limits.text("\($0)") },
      serverMAC: context.frame.source, source: context.source.v6 ?? .any,
      addresses: Array(message.addresses.prefix(16)), status: failure?.code,
      statusMessage: failure.map { Limits.text($0.message) },
      bootFileURL: message.bootFileURL.map(Limits.text),
      bootFileParameters: (message.bootFileParameters ?? []).prefix(16).map(Limits.text),
      domainNameServers: Array((message.domainNameServers ?? []).prefix(16)),
      vendorClass: message.vendorClass?.classes.first.map(Limits.text), isToRelay: isToRelay,
      checksum: checksum)
  }
}
