import Addresses
import PXEWire

extension WireTracker {
  mutating func observeDHCP(_ datagram: UDPDatagram, _ context: Context) -> [WireEvent] {
    let message: DHCPMessage
    do throws(WireError) {
      message = try DHCPMessage(decoding: datagram.payload)
    } catch {
      // Of what the capture cut there is nothing to complain about.
      guard !datagram.isTruncated else {
        if let mac = DHCPMessage.clientMAC(inStart: datagram.payload) {
          update(mac, at: context.time) { $0.cutMessages += 1 }
        }
        return []
      }
      malformedFrames += 1
      clients[context.frame.source]?.malformed += 1
      return [
        WireEvent(
          kind: .malformed, time: context.time, frame: context.number,
          mac: context.frame.source, vlan: context.vlan, text: "\(error)")
      ]
    }
    let isRelayed = message.relayAddress != .any
    // The options are not there to say what kind of message it is.
    if datagram.isTruncated, message.messageType == nil {
      if let mac = message.clientMAC { update(mac, at: context.time) { $0.cutMessages += 1 } }
      return []
    }
    guard let mac = message.clientMAC ?? (isRelayed ? nil : context.frame.source) else { return [] }
    let fromServer = message.operation == 2
    switch message.messageType {
    case .discover?, .request?, .inform?, .decline?, .release?:
      return fromServer ? [] : observe(message, datagram, from: mac, context)
    case .offer?, .ack?, .nak?:
      return fromServer ? observeReply(message, datagram, to: mac, context) : []
    case nil where !fromServer:
      return observe(message, datagram, from: mac, context)
    case nil where message.yourAddress != .any:
      return observeReply(message, datagram, to: mac, context)
    default:
      return []
    }
  }

  private mutating func observe(
    _ message: DHCPMessage, _ datagram: UDPDatagram, from mac: MACAddress, _ context: Context
  ) -> [WireEvent] {
    let isBootServerDiscovery = datagram.destinationPort == 4011
    let index = exchange(
      of: mac, message, isBootServerDiscovery: isBootServerDiscovery, context)
    guard let index else { return [] }
    let isRelayedCopy = message.relayAddress != .any
    let isNews = update(mac, at: context.time) { trace in
      let wasHeard = trace.exchanges[index].hasHeard(message)
      trace.exchanges[index].take(
        message, datagram,
        from: DHCPExchange.ClientMessage.Sender(
          mac: context.frame.source, address: context.source.v4 ?? .any,
          port: datagram.sourcePort),
        to: context.destination.v4 ?? .broadcast, context.packet)
      return !(isRelayedCopy && wasHeard)
    }
    // The relay agent's copy of what the client was heard to say is no event of its own.
    guard tellsEvents, isNews == true else { return [] }
    let detail = WireEvent.DHCPDetail(
      xid: message.xid, architecture: message.clientArchitectures?.first,
      vendorClass: message.vendorClass.map(Limits.text),
      userClasses: message.userClasses?.prefix(16).map(Limits.text),
      requestedAddress: message.requestedAddress,
      server: message.serverIdentifier, bootFile: nil, message: message.message.map(Limits.text))
    return [
      WireEvent(
        kind: Self.kind(message, isBootServerDiscovery: isBootServerDiscovery),
        time: context.time, frame: context.number, mac: mac, vlan: context.vlan,
        text: Self.text(of: message, isBootServerDiscovery: isBootServerDiscovery, context),
        dhcp: detail)
    ]
  }

  private mutating func observeReply(
    _ message: DHCPMessage, _ datagram: UDPDatagram, to mac: MACAddress, _ context: Context
  ) -> [WireEvent] {
    let isBootServerDiscovery = datagram.sourcePort == 4011
    let index = exchange(of: mac, message, isBootServerDiscovery: isBootServerDiscovery, context)
    let reply = DHCPExchange.Reply(message, datagram: datagram, context)
    learn(reply, message.messageType, mac)
    guard let index else { return [] }
    let isNews = update(mac, at: context.time) { trace in
      trace.exchanges[index].take(reply, message.messageType)
    }
    guard tellsEvents, isNews == true else { return [] }
    let type = message.messageType.map { "\($0)" } ?? "BOOTREPLY"
    var text = isBootServerDiscovery ? "boot server \(type)" : type
    if message.messageType == .nak {
      text += " from \(reply.server)" + (reply.message.map { ": \($0)" } ?? "")
    } else {
      if !isBootServerDiscovery {
        text += reply.address.map { " \($0)" } ?? " without an address"
      }
      text += " from \(reply.server)"
      if let file = reply.bootFile { text += ", boot file \(file)" }
      if reply.bootServer != reply.server { text += " at \(reply.bootServer)" }
    }
    if reply.hasBadChecksum { text += ", with a wrong UDP checksum" }
    let detail = WireEvent.DHCPDetail(
      xid: message.xid, vendorClass: reply.vendorClass, server: reply.server,
      serverMAC: reply.serverMAC, address: reply.address, nextServer: reply.nextServer,
      bootFile: reply.bootFile, message: reply.message)
    return [
      WireEvent(
        kind: Self.kind(message, isBootServerDiscovery: isBootServerDiscovery),
        time: context.time, frame: context.number, mac: mac, vlan: context.vlan, text: text,
        dhcp: detail)
    ]
  }

  /// The index of a message's exchange in its client's trace, which is begun if it is new.
  private mutating func exchange(
    of mac: MACAddress, _ message: DHCPMessage, isBootServerDiscovery: Bool, _ context: Context
  ) -> Int? {
    let isRelayed = message.relayAddress != .any
    let known = clients[mac]?.exchange(
      message.xid, vlan: context.vlan, isRelayed: isRelayed,
      isBootServerDiscovery: isBootServerDiscovery)
    if let known { return known }
    let isFull = (clients[mac]?.exchanges.count ?? 0) >= Limits.exchanges
    guard !isFull, admit() else {
      clients[mac]?.omitted += 1
      return nil
    }
    return update(mac, at: context.time) { trace in
      trace.exchanges.append(
        DHCPExchange(
          xid: message.xid, vlan: context.vlan, started: context.time,
          isBootServerDiscovery: isBootServerDiscovery))
      return trace.exchanges.count - 1
    }
  }

  /// Notes who was given an address, and which servers were named.
  private mutating func learn(
    _ reply: DHCPExchange.Reply, _ type: DHCPMessageType?, _ mac: MACAddress
  ) {
    if let address = reply.address, type == .ack || type == nil, owners.count < capacity {
      owners[.v4(address)] = mac
    }
    guard namedServers.count < capacity else { return }
    namedServers.insert(.v4(reply.server))
    namedServers.insert(.v4(reply.bootServer))
    for address in reply.bootServerList.prefix(16) { namedServers.insert(.v4(address)) }
    if let address = reply.tftpServerName.flatMap({ IPAddress($0) }) {
      namedServers.insert(address)
    }
    let hosts = [reply.bootFile.flatMap(ClientTrace.host(ofURL:)), reply.sanPath?.host]
    for host in hosts {
      if let address = host.flatMap({ IPAddress($0) }) { namedServers.insert(address) }
    }
  }

  private static func text(
    of message: DHCPMessage, isBootServerDiscovery: Bool, _ context: Context
  ) -> String {
    let type = message.messageType.map { "\($0)" } ?? "BOOTREQUEST"
    if isBootServerDiscovery { return "boot server \(type) to \(context.destination)" }
    if message.messageType == .request {
      let address = message.requestedAddress.map { " \($0)" } ?? ""
      return "REQUEST\(address)" + (message.serverIdentifier.map { " from \($0)" } ?? "")
    }
    var text = type + (context.vlan.map { " vlan \($0)" } ?? " untagged")
    if context.frame.tags.count > 1 { text += " inner \(context.frame.tags[1].vid)" }
    if let architecture = message.clientArchitectures?.first { text += " arch \(architecture)" }
    if message.isFromIPXE { text += " by iPXE" }
    if message.relayAddress != .any { text += " through relay \(message.relayAddress)" }
    return text
  }

  private static func kind(
    _ message: DHCPMessage, isBootServerDiscovery: Bool
  ) -> WireEvent.Kind {
    if isBootServerDiscovery {
      return message.operation == 2 ? .bootServerAck : .bootServerRequest
    }
    return switch message.messageType {
    case .discover?: .dhcpDiscover
    case .offer?: .dhcpOffer
    case .request?: .dhcpRequest
    case .ack?: .dhcpAck
    case .nak?: .dhcpNak
    case .decline?: .dhcpDecline
    case .release?: .dhcpRelease
    case nil: message.operation == 2 ? .bootpReply : .bootpRequest
    default: .dhcpInform
    }
  }
}

extension UDPDatagram {
  /// Whether it looks like a server's DHCP or BOOTP message, whatever its ports: BOOTREPLY, and long
  /// enough for the fixed fields and the magic cookie (RFC 2131 section 2).
  var isBootReply: Bool {
    payload.first == 2 && payload.count >= 240
      && payload.dropFirst(236).prefix(4).elementsEqual([99, 130, 83, 99])
  }
}
