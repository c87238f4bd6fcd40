import Addresses
import PXEWire

extension DHCPExchange {
  /// Whether the client itself was heard to send a message of this type.
  func hasHeard(_ message: DHCPMessage) -> Bool {
    direct[message.messageType?.rawValue ?? 0] != nil
  }

  /// Takes a message of the client in.
  mutating func take(
    _ message: DHCPMessage, _ datagram: UDPDatagram, from sender: ClientMessage.Sender,
    to destination: IPv4Address, _ packet: PacketReference
  ) {
    lacksOptions = lacksOptions || message.isCut(in: datagram)
    let type = message.messageType?.rawValue ?? 0
    let relay = message.relayAddress == .any ? nil : message.relayAddress
    if relay == nil { direct[type, default: 0] += 1 } else { relayed[type, default: 0] += 1 }
    architecture = message.clientArchitectures?.first ?? architecture
    vendorClass = message.vendorClass.map(Limits.text) ?? vendorClass
    if let classes = message.userClasses { userClasses = classes.prefix(16).map(Limits.text) }
    isIPXE = isIPXE || message.isFromIPXE
    machineUUID = message.clientMachineUUID ?? machineUUID
    if let list = message.parameterRequestList { requestedOptions = Array(list.prefix(255)) }
    requestedAddress = message.requestedAddress ?? requestedAddress
    if message.clientAddress != .any { clientAddress = message.clientAddress }
    secondsElapsed = max(secondsElapsed, Int(message.secondsElapsed))
    asksForBroadcast = asksForBroadcast || message.isBroadcast
    if let relay, !relays.contains(relay), relays.count < Limits.facts { relays.append(relay) }
    hasRelayInformation = hasRelayInformation || message.data(of: 82) != nil
    if clientMessages.count < Limits.messages {
      clientMessages.append(
        ClientMessage(
          packet: packet, type: message.messageType.map { "\($0)" } ?? "BOOTREQUEST",
          relay: relay, sender: sender, destination: destination,
          checksum: datagram.checksum))
    }
    let count = direct[type] ?? relayed[type] ?? 0
    switch message.messageType {
    case .discover?:
      discovers = count
      lastDiscover = packet.time
    case .request?:
      requests = count
      requestedServer = message.serverIdentifier
    case .decline?: declines = count
    case .inform?: informs = count
    default: break
    }
  }

  /// Takes a server's message in. Returns whether it is news, and not the same reply on its way from
  /// the relay agent to the client.
  mutating func take(_ reply: Reply, _ type: DHCPMessageType?) -> Bool {
    switch type {
    case .offer?: return Self.add(reply, to: &offers)
    case .nak?: return Self.add(reply, to: &naks)
    default: return Self.add(reply, to: &acks)
    }
  }

  private static func add(_ reply: Reply, to replies: inout [Reply]) -> Bool {
    if reply.relay != nil,
      let index = replies.lastIndex(where: {
        $0.isToRelay != reply.isToRelay && $0.server == reply.server && $0.address == reply.address
          && $0.relay == reply.relay && reply.time.seconds(since: $0.time) < 2
      })
    {
      if replies[index].isToRelay {
        replies[index].deliver(as: reply)
      }
      return false
    }
    if replies.count < Limits.messages { replies.append(reply) }
    return true
  }
}

extension DHCPExchange.Reply {
  /// The relay agent passes it on: this is how the client gets it.
  fileprivate mutating func deliver(as copy: Self) {
    isToRelay = false
    serverMAC = copy.serverMAC
    source = copy.source
    destination = copy.destination
    destinationMAC = copy.destinationMAC
    sourcePort = copy.sourcePort
    destinationPort = copy.destinationPort
    checksum = copy.checksum
  }

  init(_ message: DHCPMessage, datagram: UDPDatagram, _ context: WireTracker.Context) {
    let source = context.source.v4 ?? .any
    let server = message.serverIdentifier ?? source
    let pxe = message.pxeOptions
    self.init(
      time: context.time, frame: context.number, server: server,
      serverIdentifier: message.serverIdentifier, hasMessageType: message.messageType != nil,
      serverMAC: context.frame.source, source: source,
      destination: context.destination.v4 ?? .any, destinationMAC: context.frame.destination,
      sourcePort: datagram.sourcePort, destinationPort: datagram.destinationPort,
      address: message.yourAddress == .any ? nil : message.yourAddress,
      bootServer: message.nextServer == .any ? server : message.nextServer,
      nextServer: message.nextServer == .any ? nil : message.nextServer,
      tftpServerName: message.tftpServerName.map(Limits.text),
      bootFile: message.bootFile.map(Limits.text), bootFileIsInField: !message.fileField.isEmpty,
      overloadedFileName: message.overloadedFileName,
      overloadedServerName: message.overloadedServerName,
      rootPath: message.rootPath.map(Limits.text),
      vendorClass: message.vendorClass.map(Limits.text), message: message.message.map(Limits.text),
      leaseTime: message.leaseTime, subnetMask: message.subnetMask,
      routers: Array((message.routers ?? []).prefix(16)),
      domainNameServers: Array((message.domainNameServers ?? []).prefix(16)),
      discoveryControl: pxe?.discoveryControl,
      bootServerList: Array((pxe?.bootServers.flatMap(\.addresses) ?? []).prefix(64)),
      hasBootMenu: pxe?.data(of: 9) != nil,
      menuPrompt: pxe?.menuPrompt.map { Limits.text($0.text) },
      namesRaspberryPi: message.namesRaspberryPi, notice: message.notice,
      deployment: message.windowsDeploymentOptions,
      relay: message.relayAddress == .any ? nil : message.relayAddress,
      isToRelay: datagram.destinationPort == 67 && message.relayAddress != .any,
      lacksOptions: message.isCut(in: datagram), checksum: datagram.checksum)
  }
}

extension DHCPMessage {
  /// Whether the capture kept only a part of its options.
  fileprivate func isCut(in datagram: UDPDatagram) -> Bool {
    datagram.isTruncated && !hasEndOption
  }
}

extension DHCPMessage {
  /// Whether option 43 has the words that a Raspberry Pi's firmware looks for, as a boot menu's item
  /// or as they are.
  fileprivate var namesRaspberryPi: Bool {
    guard let bytes = vendorSpecific else { return false }
    return String(decoding: bytes, as: UTF8.self).contains("Raspberry Pi Boot")
  }

  /// The text of option 43 or 250 that speaks of a pending approval, in octets or in UTF-16.
  fileprivate var notice: String? {
    [43, 250].lazy.compactMap { data(of: $0) }
      .map { String(decoding: $0.filter { (0x20..<0x7f).contains($0) }, as: UTF8.self) }
      .first { $0.speaksOfApproval }.map(Limits.text)
  }
}

extension String {
  /// Whether it says that somebody has yet to approve.
  var speaksOfApproval: Bool {
    let text = lowercased()
    return text.contains("pending") || text.contains("approv")
  }
}
