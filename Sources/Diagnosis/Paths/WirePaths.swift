import Addresses
import PXEWire

/// Follows what clients ask through several captures of one network: a node's bridge, the fabric, another
/// node's bridge. Each capture counts for itself, so that no frame counts twice.
package struct WirePaths: Sendable {
  private struct Client: Sendable {
    /// In the order in which each was asked first.
    var paths: [StepPath] = []
    /// What it asked by TFTP last from a port: the answers come from any.
    var files: [UInt16: WireStep] = [:]
    /// What it asked in a transaction of DHCPv6: a REPLY does not say what it answers.
    var transactions: [UInt32: WireStep] = [:]
    /// What it asked over a connection on which something was said to it.
    var heard: [Connection: WireStep] = [:]
    /// What it asked over a connection whose server ends it, or which it ends itself after an answer.
    var ended: [Connection: WireStep] = [:]
  }

  /// A client's connection as a capture has it.
  private struct Connection: Hashable {
    let port: UInt16
    let capture: Int
  }

  /// Where and when a frame was captured.
  private struct Place {
    let capture: Int
    let vlan: VLANID?
    let time: Timestamp
  }

  private var clients: [MACAddress: Client] = [:]
  private static let clientCapacity = 1024
  /// Steps of a client, and entries of each of its tables.
  private static let stepCapacity = 128

  /// Paths of no frame yet.
  package init() {}

  /// What a client asked, in the order in which it was asked first.
  package func paths(of client: MACAddress) -> [StepPath] { clients[client]?.paths ?? [] }

  /// Takes a frame in, of each capture in order.
  package mutating func take(_ frame: Frame, of capture: Int, at time: Timestamp) {
    let place = Place(capture: capture, vlan: frame.vlan, time: time)
    switch frame.payload {
    case .arp(let packet):
      guard !packet.isProbeOrAnnouncement else { return }
      if packet.isRequest {
        ask(.neighbor(.v4(packet.targetAddress)), by: frame.source, place)
      } else if packet.isReply {
        answer(.neighbor(.v4(packet.senderAddress)), to: packet.targetMAC, place)
      }
    case .ipv4(let packet):
      take(packet.payload, from: .v4(packet.source), to: .v4(packet.destination), frame, place)
    case .ipv6(let packet):
      take(packet.payload, from: .v6(packet.source), to: .v6(packet.destination), frame, place)
    case .spanningTree, .encapsulation, .other, .malformed:
      return
    }
  }

  private mutating func take(
    _ payload: TransportPayload, from source: IPAddress, to destination: IPAddress,
    _ frame: Frame, _ place: Place
  ) {
    switch payload {
    case .udp(let datagram):
      take(datagram, frame, place)
    case .tcp(let segment):
      take(segment, from: source, to: destination, frame, place)
    case .icmp(let message):
      guard let meaning = message.meaning, let original = message.original else { return }
      answer(.failure(meaning, about: original.destination), to: frame.destination, place)
    case .icmpv6(let message):
      if let discovery = message.discovery {
        return take(discovery, from: source, frame, place)
      }
      guard let meaning = message.meaning, let original = message.original else { return }
      answer(.failure(meaning, about: original.destination), to: frame.destination, place)
    case .encapsulation, .fragment, .malformed, .other:
      return
    }
  }

  private mutating func take(
    _ message: NeighborDiscovery, from source: IPAddress, _ frame: Frame, _ place: Place
  ) {
    switch message {
    case .routerSolicitation:
      ask(.router, by: frame.source, place)
    case .routerAdvertisement:
      guard frame.destination.isMulticast else {
        return answer(.router, to: frame.destination, place)
      }
      let asking = clients.filter { _, client in
        client.paths.contains {
          $0.step == .router && $0.isAsked(in: place.capture, on: place.vlan)
        }
      }
      for client in asking.keys { answer(.router, to: client, place) }
    case .neighborSolicitation(let target):
      // An address is tried out from the unspecified one.
      guard !source.isUnspecified else { return }
      ask(.neighbor(.v6(target)), by: frame.source, place)
    case .neighborAdvertisement(let target, _, _):
      answer(.neighbor(.v6(target)), to: frame.destination, place)
    }
  }

  private mutating func take(_ datagram: UDPDatagram, _ frame: Frame, _ place: Place) {
    switch (datagram.sourcePort, datagram.destinationPort) {
    case (67, _), (_, 67), (_, 68), (4011, _), (_, 4011):
      guard let message = try? DHCPMessage(decoding: datagram.payload) else { return }
      takeDHCP(message, frame, place)
    case (547, _), (_, 547), (_, 546):
      guard let message = try? DHCPv6Message(decoding: datagram.payload) else { return }
      takeDHCPv6(message, frame, place)
    case (53, _), (_, 53):
      guard let message = try? DNSMessage(decoding: datagram.payload),
        let name = message.questions.first?.name
      else { return }
      let step = WireStep.name(Limits.text(name))
      if message.isResponse {
        answer(step, to: frame.destination, place)
      } else {
        ask(step, by: frame.source, place)
      }
    case (let port, 69):
      switch try? TFTPMessage(decoding: datagram) {
      case .readRequest(let request), .writeRequest(let request):
        let step = WireStep.file(Limits.text(request.file))
        ask(step, by: frame.source, place)
        note(step, of: frame.source, in: \.files, as: port)
      default: return
      }
    default:
      guard let step = clients[frame.destination]?.files[datagram.destinationPort] else { return }
      answer(step, to: frame.destination, place)
    }
  }

  private mutating func takeDHCP(_ message: DHCPMessage, _ frame: Frame, _ place: Place) {
    let client = message.clientMAC ?? frame.source
    guard message.operation == 2 else {
      switch message.messageType {
      case .discover?, .request?, .inform?, nil:
        ask(.lease(message.messageType.map { "\($0)" } ?? "BOOTP request"), by: client, place)
      // Nobody answers the others.
      default: break
      }
      return
    }
    switch message.messageType {
    case .offer?: answer(.lease("DISCOVER"), to: client, place)
    case .ack?, .nak?:
      answer(.lease("REQUEST"), to: client, place)
      answer(.lease("INFORM"), to: client, place)
    case nil: answer(.lease("BOOTP request"), to: client, place)
    default: return
    }
  }

  private mutating func takeDHCPv6(_ message: DHCPv6Message, _ frame: Frame, _ place: Place) {
    guard let transaction = message.transactionID else { return }
    if message.type.isFromServer {
      guard let step = clients[frame.destination]?.transactions[transaction] else { return }
      return answer(step, to: frame.destination, place)
    }
    let step = WireStep.leaseV6("\(message.type)")
    ask(step, by: frame.source, place)
    note(step, of: frame.source, in: \.transactions, as: transaction)
  }

  private mutating func take(
    _ segment: TCPSegment, from source: IPAddress, to destination: IPAddress, _ frame: Frame,
    _ place: Place
  ) {
    let outgoing = WireStep.connection(destination, port: segment.destinationPort)
    let incoming = WireStep.connection(source, port: segment.sourcePort)
    if segment.flags.contains(.syn), !segment.flags.contains(.ack) {
      ask(outgoing, by: frame.source, place)
      let connection = Connection(port: segment.sourcePort, capture: place.capture)
      clients[frame.source]?.heard[connection] = nil
      clients[frame.source]?.ended[connection] = nil
    } else if has(outgoing, frame.source) {
      let request = WireStep.request(destination, port: segment.destinationPort)
      if segment.payloadLength > 0 { ask(request, by: frame.source, place) }
      // Of a server that has said nothing, what it says of the end is the kernel's.
      let connection = Connection(port: segment.sourcePort, capture: place.capture)
      if segment.flags.contains(.fin), clients[frame.source]?.heard[connection] == request {
        note(request, of: frame.source, in: \.ended, as: connection)
      }
    } else if has(incoming, frame.destination) {
      let isReset = segment.flags.contains(.rst)
      if segment.flags.contains(.syn) || isReset { answer(incoming, to: frame.destination, place) }
      let request = WireStep.request(source, port: segment.sourcePort)
      let connection = Connection(port: segment.destinationPort, capture: place.capture)
      if segment.payloadLength > 0 {
        note(request, of: frame.destination, in: \.heard, as: connection)
      }
      if segment.flags.contains(.fin) {
        note(request, of: frame.destination, in: \.ended, as: connection)
      }
      // The last that is said, such as TLS's close_notify, has no other answer than that it came.
      let isEnd = isReset || clients[frame.destination]?.ended[connection] == request
      guard segment.payloadLength > 0 || isEnd else { return }
      let end = segment.sequence &+ UInt32(truncatingIfNeeded: segment.payloadLength)
      answer(
        request, to: frame.destination, place,
        reaching: segment.payloadLength > 0 && !isReset ? (segment.destinationPort, end) : nil)
    }
  }

  // MARK: - Tables

  private func has(_ step: WireStep, _ client: MACAddress) -> Bool {
    clients[client]?.paths.contains { $0.step == step } == true
  }

  private mutating func ask(_ step: WireStep, by client: MACAddress, _ place: Place) {
    guard !client.isMulticast, !client.isUnspecified,
      clients[client] != nil || clients.count < Self.clientCapacity
    else { return }
    change(step, of: client) { $0.ask(in: place.capture, on: place.vlan, at: place.time) }
  }

  /// What nobody asked is no answer; an ICMP error needs no question but a client.
  private mutating func answer(
    _ step: WireStep, to client: MACAddress, _ place: Place,
    reaching end: (port: UInt16, sequence: UInt32)? = nil
  ) {
    let isError = if case .failure = step { true } else { false }
    guard isError ? clients[client] != nil : has(step, client) else { return }
    change(step, of: client) { $0.answer(in: place.capture, at: place.time, reaching: end) }
  }

  private mutating func change(
    _ step: WireStep, of client: MACAddress, _ body: (inout StepPath) -> Void
  ) {
    var entry = clients.removeValue(forKey: client) ?? Client()
    if let index = entry.paths.firstIndex(where: { $0.step == step }) {
      body(&entry.paths[index])
    } else {
      if entry.paths.count == Self.stepCapacity { entry.paths.removeFirst() }
      var path = StepPath(step)
      body(&path)
      entry.paths.append(path)
    }
    clients[client] = entry
  }

  private mutating func note<Key>(
    _ step: WireStep, of client: MACAddress,
    in table: WritableKeyPath<Client, [Key: WireStep]>, as key: Key
  ) {
    guard clients[client] != nil else { return }
    if clients[client]?[keyPath: table].count ?? 0 >= Self.stepCapacity {
      clients[client]?[keyPath: table] = [:]
    }
    clients[client]?[keyPath: table][key] = step
  }
}
