import Addresses
import PXEWire

extension WireTracker {
  mutating func observeDHCP(
    _ datagram: UDPDatagram, in packet: IPv4Packet, _ context: Context
  ) -> [WireEvent] {
    let message: DHCPMessage
    do throws(WireError) {
      message = try DHCPMessage(decoding: datagram.payload)
    } catch {
      return [
        WireEvent(
          kind: .malformed, time: context.time, frame: context.number,
          mac: context.frame.source, vlan: context.vlan, text: "\(error)", dhcp: nil, tftp: nil)
      ]
    }
    guard let type = message.messageType, let mac = message.clientMAC else { return [] }
    let fromServer = message.operation == 2
    switch type {
    case .discover, .request, .inform, .decline, .release:
      return fromServer ? [] : observe(type, message, from: mac, context)
    case .offer, .ack, .nak:
      guard fromServer else { return [] }
      let reply = DHCPExchange.Reply(message, datagram: datagram, packet: packet, context)
      return observe(type, message, reply, to: mac, context)
    default:
      return []
    }
  }

  private mutating func observe(
    _ type: DHCPMessageType, _ message: DHCPMessage, from mac: MACAddress, _ context: Context
  ) -> [WireEvent] {
    let architecture = message.clientArchitectures?.first
    let userClasses = message.userClasses
    update(mac, at: context.time) { trace in
      let index = trace.exchange(message.xid, vlan: context.vlan, at: context.time)
      trace.exchanges[index].architecture = architecture
      trace.exchanges[index].vendorClass = message.vendorClass
      trace.exchanges[index].userClasses = userClasses ?? []
      trace.exchanges[index].isIPXE = message.isFromIPXE
      if type == .discover {
        trace.exchanges[index].discovers += 1
        trace.exchanges[index].lastDiscover = context.time
      } else if type == .request {
        trace.exchanges[index].requests += 1
        trace.exchanges[index].requestedServer = message.serverIdentifier
      }
    }
    var text = "\(type)" + (context.vlan.map { " vlan \($0)" } ?? " untagged")
    if let architecture { text += " arch \(architecture)" }
    if message.isFromIPXE { text += " by iPXE" }
    if type == .request, let server = message.serverIdentifier {
      let address = message.requestedAddress.map { "\($0) " } ?? ""
      text = "REQUEST \(address)from \(server)"
    } else if type == .request, let address = message.requestedAddress {
      text = "REQUEST \(address)"
    }
    let detail = WireEvent.DHCPDetail(
      xid: message.xid, architecture: architecture, vendorClass: message.vendorClass,
      userClasses: userClasses, requestedAddress: message.requestedAddress,
      server: message.serverIdentifier, bootFile: nil, message: message.message)
    return [event(type, text, mac, detail, context)]
  }

  private mutating func observe(
    _ type: DHCPMessageType, _ message: DHCPMessage, _ reply: DHCPExchange.Reply,
    to mac: MACAddress, _ context: Context
  ) -> [WireEvent] {
    update(mac, at: context.time) { trace in
      let index = trace.exchange(message.xid, vlan: context.vlan, at: context.time)
      switch type {
      case .offer: trace.exchanges[index].offers.append(reply)
      case .ack: trace.exchanges[index].acks.append(reply)
      default: trace.exchanges[index].naks.append(reply)
      }
    }
    var text = "\(type)"
    if type == .nak {
      text += " from \(reply.server)" + (reply.message.map { ": \($0)" } ?? "")
    } else {
      text += (reply.address.map { " \($0)" } ?? " without an address") + " from \(reply.server)"
      if let file = reply.bootFile { text += ", boot file \(file)" }
      if reply.bootServer != reply.server { text += " at \(reply.bootServer)" }
    }
    if reply.hasBadChecksum { text += ", with a wrong UDP checksum" }
    let detail = WireEvent.DHCPDetail(
      xid: message.xid, vendorClass: message.vendorClass, server: reply.server,
      serverMAC: reply.serverMAC, address: reply.address,
      nextServer: message.nextServer == .any ? nil : message.nextServer,
      bootFile: reply.bootFile, message: reply.message)
    return [event(type, text, mac, detail, context)]
  }

  private func event(
    _ type: DHCPMessageType, _ text: String, _ mac: MACAddress, _ detail: WireEvent.DHCPDetail,
    _ context: Context
  ) -> WireEvent {
    let kind: WireEvent.Kind =
      switch type {
      case .discover: .dhcpDiscover
      case .offer: .dhcpOffer
      case .request: .dhcpRequest
      case .ack: .dhcpAck
      case .nak: .dhcpNak
      case .decline: .dhcpDecline
      case .release: .dhcpRelease
      default: .dhcpInform
      }
    return WireEvent(
      kind: kind, time: context.time, frame: context.number, mac: mac, vlan: context.vlan,
      text: text, dhcp: detail, tftp: nil)
  }
}

extension DHCPExchange.Reply {
  fileprivate init(
    _ message: DHCPMessage, datagram: UDPDatagram, packet: IPv4Packet,
    _ context: WireTracker.Context
  ) {
    let server = message.serverIdentifier ?? packet.source
    let pxe = message.pxeOptions
    self.init(
      time: context.time, frame: context.number, server: server,
      serverMAC: context.frame.source, source: packet.source, destination: packet.destination,
      address: message.yourAddress == .any ? nil : message.yourAddress,
      bootServer: message.nextServer == .any ? server : message.nextServer,
      nextServer: message.nextServer == .any ? nil : message.nextServer,
      tftpServerName: message.tftpServerName.map(Limits.text),
      bootFile: message.bootFile.map(Limits.text), bootFileIsInField: !message.fileField.isEmpty,
      vendorClass: message.vendorClass.map(Limits.text), message: message.message.map(Limits.text),
      leaseTime: message.leaseTime, subnetMask: message.subnetMask,
      routers: message.routers ?? [], domainNameServers: message.domainNameServers ?? [],
      discoveryControl: pxe?.discoveryControl,
      bootServerList: pxe?.bootServers.flatMap(\.addresses) ?? [],
      hasBootMenu: pxe?.data(of: 9) != nil,
      relay: message.relayAddress == .any ? nil : message.relayAddress,
      isToRelay: datagram.destinationPort == 67 && message.relayAddress != .any,
      checksum: datagram.checksum)
  }
}
