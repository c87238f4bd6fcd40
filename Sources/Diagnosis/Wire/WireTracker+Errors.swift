import Addresses
import PXEWire

extension WireTracker {
  /// Takes an ICMP or ICMPv6 error in, of whatever client's packet it speaks.
  mutating func observe(
    _ meaning: String, _ original: QuotedPacket, mtu: Int?, _ context: Context
  ) -> [WireEvent] {
    let candidates: [(mac: MACAddress, isFromClient: Bool)] = [
      (owner(of: original.source, else: context.frame.destination), false),
      (owner(of: original.destination, else: context.frame.source), true),
    ]
    guard
      let (mac, isFromClient) = candidates.first(where: {
        clients[$0.mac]?.hasConversation == true
      }), let count = clients[mac]?.deliveryFailures.count, count < Limits.questions
    else { return [] }
    update(mac, at: context.time) { trace in
      trace.deliveryFailures.append(
        DeliveryFailure(
          packet: context.packet, reporter: context.source, meaning: meaning,
          source: original.source, destination: original.destination,
          protocolNumber: original.protocolNumber, destinationPort: original.destinationPort,
          mtu: mtu, isFromClient: isFromClient))
    }
    let port = original.destinationPort.map { " port \($0)" } ?? ""
    let limit = mtu.map { ", at most \($0) bytes" } ?? ""
    return [
      WireEvent(
        kind: .icmpUnreachable, time: context.time, frame: context.number, mac: mac,
        vlan: context.vlan,
        text: "ICMP \(meaning): \(original.destination)\(port)\(limit), says \(context.source)")
    ]
  }

  /// Takes a DNS question or answer of a client in.
  mutating func observeDNS(_ datagram: UDPDatagram, _ context: Context) -> [WireEvent] {
    guard let message = try? DNSMessage(decoding: datagram.payload),
      let question = message.questions.first
    else { return [] }
    let name = Limits.text(question.name)
    guard message.isResponse else {
      let mac = owner(of: context.source, else: context.frame.source)
      // Of those that have nothing to do with booting, names are no concern.
      guard let trace = clients[mac], trace.hasExchanges else { return [] }
      if let index = trace.nameQueries.lastIndex(where: {
        $0.name == name && $0.type == question.type && !$0.isAnswered
      }) {
        update(mac, at: context.time) { trace in
          trace.nameQueries[index].attempts += 1
          trace.nameQueries[index].lastID = message.id
          trace.nameQueries[index].server = context.destination
        }
        return []
      }
      guard trace.nameQueries.count < Limits.questions, admit() else {
        clients[mac]?.omitted += 1
        return []
      }
      update(mac, at: context.time) { trace in
        trace.nameQueries.append(
          NameQuery(
            name: name, type: question.type, server: context.destination, vlan: context.vlan,
            packet: context.packet, id: message.id))
      }
      return []
    }
    let mac = owner(of: context.destination, else: context.frame.destination)
    guard
      let index = clients[mac]?.nameQueries.lastIndex(where: {
        $0.lastID == message.id && $0.name == name && $0.type == question.type && !$0.isAnswered
      })
    else { return [] }
    let names = update(mac, at: context.time) { trace in
      trace.nameQueries[index].responseCode = message.responseCode
      trace.nameQueries[index].addresses = Array(message.addresses.prefix(16))
      return trace.namesBootServer(name)
    }
    guard names == true else { return [] }
    if namedServers.count < capacity { namedServers.formUnion(message.addresses) }
    guard message.addresses.isEmpty, message.responseCode != 0 else { return [] }
    return [
      WireEvent(
        kind: .nameUnresolved, time: context.time, frame: context.number, mac: mac,
        vlan: context.vlan,
        text: "DNS \(name) has no address: response code \(message.responseCode), "
          + "says \(context.source)")
    ]
  }
}
