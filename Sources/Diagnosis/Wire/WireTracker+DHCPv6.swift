import Addresses
import PXEWire

extension WireTracker {
  mutating func observeDHCPv6(_ datagram: UDPDatagram, _ context: Context) -> [WireEvent] {
    let outer: DHCPv6Message
    do throws(WireError) {
      outer = try DHCPv6Message(decoding: datagram.payload)
    } catch {
      guard !datagram.isTruncated else { return [] }
      malformedFrames += 1
      clients[context.frame.source]?.malformed += 1
      return [
        WireEvent(
          kind: .malformed, time: context.time, frame: context.number,
          mac: context.frame.source, vlan: context.vlan, text: "\(error)")
      ]
    }
    guard let (message, relays) = outer.innermost, let transactionID = message.transactionID,
      let mac = client(of: message, outer, relays, context)
    else { return [] }
    let identity = message.clientIdentifier
    if let identity, identity.bytes.count <= 130, identifiedMACs.count < capacity {
      identifiedMACs[identity] = mac
    }
    let index = exchangeV6(of: mac, transactionID, isRelayed: !relays.isEmpty, context)
    let details = WireEvent.DHCPv6Detail(
      transactionID: transactionID, architecture: message.clientArchitectures?.first,
      vendorClass: message.vendorClass?.classes.first.map(Limits.text),
      userClasses: message.userClasses?.prefix(16).map(Limits.text),
      server: message.type.isFromServer ? context.source.v6 : nil,
      addresses: Array(message.addresses.prefix(16)),
      bootFileURL: message.bootFileURL.map(Limits.text), status: message.failure?.code)
    guard let index else { return [] }
    let isNews: Bool?
    if message.type.isFromServer {
      let reply = DHCPv6Exchange.Reply(
        message, checksum: datagram.checksum, isToRelay: !relays.isEmpty, context)
      learn(reply, message.type, mac)
      isNews = update(mac, at: context.time) { trace in
        trace.exchangesV6[index].take(reply, message.type)
      }
    } else {
      isNews = update(mac, at: context.time) { trace in
        trace.exchangesV6[index].take(
          message, relays, checksum: datagram.checksum, context.packet)
      }
    }
    guard tellsEvents, isNews == true else { return [] }
    return [
      WireEvent(
        kind: Self.kind(message.type), time: context.time, frame: context.number, mac: mac,
        vlan: context.vlan,
        text: Self.text(of: message, relays, checksum: datagram.checksum, context),
        dhcpv6: details)
    ]
  }

  /// Whose message this is: who sent the frame, or whom relay agent, link-local address or DUID name.
  private func client(
    of message: DHCPv6Message, _ outer: DHCPv6Message, _ relays: [DHCPv6Message.Relay],
    _ context: Context
  ) -> MACAddress? {
    let identity = message.clientIdentifier
    if let innermost = relays.last {
      return outer.relayedClientMAC ?? innermost.peerAddress.embeddedMAC
        ?? identity.flatMap { identifiedMACs[$0] } ?? identity?.mac
    }
    guard message.type.isFromServer else {
      let sender = context.frame.source
      return sender.isUnspecified
        ? context.source.v6?.embeddedMAC ?? identity?.mac ?? sender : sender
    }
    if let mac = identity.flatMap({ identifiedMACs[$0] }) { return mac }
    guard !context.frame.destination.isMulticast else {
      return identity?.mac ?? context.destination.v6?.embeddedMAC
    }
    return context.frame.destination
  }

  private mutating func exchangeV6(
    of mac: MACAddress, _ transactionID: UInt32, isRelayed: Bool, _ context: Context
  ) -> Int? {
    if let known = clients[mac]?.exchangeV6(
      transactionID, vlan: context.vlan, isRelayed: isRelayed)
    {
      return known
    }
    let isFull = (clients[mac]?.exchangesV6.count ?? 0) >= Limits.exchanges
    guard !isFull, admit() else {
      clients[mac]?.omitted += 1
      return nil
    }
    return update(mac, at: context.time) { trace in
      trace.exchangesV6.append(
        DHCPv6Exchange(
          transactionID: transactionID, vlan: context.vlan, started: context.time))
      return trace.exchangesV6.count - 1
    }
  }

  private mutating func learn(
    _ reply: DHCPv6Exchange.Reply, _ type: DHCPv6MessageType, _ mac: MACAddress
  ) {
    if type == .reply, owners.count < capacity {
      for address in reply.addresses { owners[.v6(address)] = mac }
    }
    guard namedServers.count < capacity else { return }
    if !reply.isToRelay { namedServers.insert(.v6(reply.source)) }
    if let host = reply.bootFileURL.flatMap(ClientTrace.host(ofURL:)), let address = IPAddress(host)
    {
      namedServers.insert(address)
    }
  }

  private static func kind(_ type: DHCPv6MessageType) -> WireEvent.Kind {
    switch type {
    case .solicit: .dhcpv6Solicit
    case .advertise: .dhcpv6Advertise
    case .request: .dhcpv6Request
    case .reply: .dhcpv6Reply
    case .informationRequest: .dhcpv6InformationRequest
    default: .dhcpv6Other
    }
  }

  private static func text(
    of message: DHCPv6Message, _ relays: [DHCPv6Message.Relay], checksum: UDPDatagram.Checksum,
    _ context: Context
  ) -> String {
    let prefixes = message.identityAssociations.flatMap(\.prefixes)
    let given = message.addresses.map(\.description) + prefixes.map { "\($0.address)/\($0.length)" }
    let list = given.prefix(4).map { " \($0)" }.joined(separator: ",")
    var text = "\(message.type)"
    if message.type.isFromServer {
      let offersNone = given.isEmpty && !message.identityAssociations.isEmpty
      text += (offersNone ? " without an address" : list) + " from \(context.source)"
      if let failure = message.failure {
        text += ": \(failure.code)" + (failure.message.isEmpty ? "" : ", \(failure.message)")
      }
      if let url = message.bootFileURL { text += ", boot file \(Limits.text(url))" }
      if checksum == .invalid || checksum == .partial { text += ", with a wrong UDP checksum" }
      return text
    }
    guard message.type == .solicit || message.type == .informationRequest else {
      return text + list
    }
    text += context.vlan.map { " vlan \($0)" } ?? " untagged"
    if context.frame.tags.count > 1 { text += " inner \(context.frame.tags[1].vid)" }
    if let architecture = message.clientArchitectures?.first { text += " arch \(architecture)" }
    if message.isFromIPXE { text += " by iPXE" }
    if let relay = relays.last { text += " through relay \(relay.linkAddress)" }
    return text
  }
}

extension DHCPv6Message {
  /// Option 79 of the relay agent next to the client.
  fileprivate var relayedClientMAC: MACAddress? {
    var message = self
    var mac: MACAddress?
    for _ in 0..<32 {
      guard message.relay != nil, let inner = message.relayed else { break }
      mac = message.clientLinkLayerAddress ?? mac
      message = inner
    }
    return mac
  }
}
