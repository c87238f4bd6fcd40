import Addresses
import PXEWire

extension WireTracker {
  /// Lets time pass without a frame and returns what its passing brought about: stalled transfers,
  /// unanswered questions, datagrams without all their fragments. Call it at the end of a capture,
  /// and now and then while live.
  package mutating func advance(to time: Timestamp) -> [WireEvent] {
    var events = giveUp(reassembler.expired(at: time), at: time, vlan: nil)
    for mac in open {
      guard var trace = clients.removeValue(forKey: mac) else {
        open.remove(mac)
        continue
      }
      events += stalledTransfers(&trace, at: time)
      events += stalledHTTP(&trace, at: time)
      events += unanswered(&trace, at: time)
      if !trace.hasOpenWork(namedServers) { open.remove(mac) }
      clients[mac] = trace
    }
    return events
  }

  private func stalledTransfers(_ trace: inout ClientTrace, at time: Timestamp) -> [WireEvent] {
    var events: [WireEvent] = []
    for index in trace.transfers.indices {
      let transfer = trace.transfers[index]
      guard transfer.isOpen, !trace.stalled.contains(index),
        time.seconds(since: transfer.lastProgress) >= stallTime
      else { continue }
      // The receiver's frames are not in the capture: with the last block, all has come.
      if transfer.isDelivered, transfer.acknowledgments == 0 {
        trace.transfers[index].state = .complete
        events.append(event(.tftpComplete, trace.transfers[index], trace.mac, time, frame: 0))
        continue
      }
      trace.stalled.insert(index)
      events.append(
        WireEvent(
          kind: .tftpStalled, time: time, frame: 0, mac: trace.mac, vlan: transfer.vlan,
          text: "TFTP \(transfer.file) stalled at \(Self.progress(of: transfer)), "
            + "no packet for \(Quantity.seconds(stallTime))",
          tftp: transfer.detail))
    }
    return events
  }

  private func stalledHTTP(_ trace: inout ClientTrace, at time: Timestamp) -> [WireEvent] {
    var events: [WireEvent] = []
    for index in trace.httpTransfers.indices {
      let transfer = trace.httpTransfers[index]
      guard transfer.isOpen, transfer.state != .connected, !trace.stalledHTTP.contains(index),
        time.seconds(since: transfer.lastProgress) >= stallTime
      else { continue }
      trace.stalledHTTP.insert(index)
      let isConnecting = transfer.state == .connecting
      let text =
        isConnecting
        ? "TCP \(transfer.endpoint) has no answer\(Self.place(transfer.vlan)), "
          + "\(transfer.connectionAttempts) SYN"
        : "HTTP \(transfer.url) stalled at \(Self.progress(of: transfer)), "
          + "no packet for \(Quantity.seconds(stallTime))"
      events.append(
        WireEvent(
          kind: isConnecting ? .connectionUnanswered : .httpStalled, time: time, frame: 0,
          mac: trace.mac, vlan: transfer.vlan, text: text, http: transfer.detail))
    }
    return events
  }

  private func unanswered(_ trace: inout ClientTrace, at time: Timestamp) -> [WireEvent] {
    guard trace.hasExchanges else { return [] }
    var events: [WireEvent] = []
    for index in trace.unansweredARP.indices {
      let request = trace.unansweredARP[index]
      guard !request.reported, time.seconds(since: request.since) >= arpTime,
        namedServers.contains(.v4(request.address))
      else { continue }
      trace.unansweredARP[index].reported = true
      events.append(
        WireEvent(
          kind: .arpUnanswered, time: time, frame: 0, mac: trace.mac, vlan: request.vlan,
          text: "ARP for \(request.address) has no answer\(Self.place(request.vlan)), "
            + "asked \(request.count) times"))
    }
    for index in trace.unansweredNeighbors.indices {
      let request = trace.unansweredNeighbors[index]
      guard !request.reported, time.seconds(since: request.since) >= arpTime,
        namedServers.contains(.v6(request.address))
      else { continue }
      trace.unansweredNeighbors[index].reported = true
      events.append(
        WireEvent(
          kind: .neighborUnanswered, time: time, frame: 0, mac: trace.mac, vlan: request.vlan,
          text: "neighbour solicitation for \(request.address) has no answer"
            + "\(Self.place(request.vlan)), asked \(request.count) times"))
    }
    for index in trace.nameQueries.indices {
      let query = trace.nameQueries[index]
      guard !query.reported, !query.isAnswered, trace.namesBootServer(query.name),
        time.seconds(since: query.packet.time) >= stallTime
      else { continue }
      trace.nameQueries[index].reported = true
      events.append(
        WireEvent(
          kind: .nameUnresolved, time: time, frame: 0, mac: trace.mac, vlan: query.vlan,
          text: "DNS \(query.name) has no answer from \(query.server), "
            + "asked \(query.attempts) times"))
    }
    return events
  }

  /// Notes datagrams that lack fragments with the clients that they concern.
  mutating func giveUp(
    _ datagrams: [FragmentReassembler.GivenUp], at time: Timestamp, vlan: VLANID?
  ) -> [WireEvent] {
    datagrams.compactMap { datagram in
      guard let mac = owners[datagram.key.destination] ?? owners[datagram.key.source],
        (clients[mac]?.incompleteDatagrams.count ?? Limits.facts) < Limits.facts
      else { return nil }
      let packet = PacketReference(frame: datagram.frame, time: datagram.started)
      clients[mac]?.incompleteDatagrams.append(
        IncompleteDatagram(
          packet: packet, source: datagram.key.source, destination: datagram.key.destination,
          protocolNumber: datagram.protocolNumber, bytes: datagram.bytes,
          reason: IncompleteDatagram.Reason(datagram.reason)))
      let why =
        datagram.reason == .overlap ? "its fragments overlap" : "fragments of it are missing"
      return WireEvent(
        kind: .fragmentsMissing, time: time, frame: datagram.frame, mac: mac, vlan: vlan,
        text: "a datagram of \(datagram.key.source) to \(datagram.key.destination) is not whole: "
          + "\(why), \(Quantity.bytes(datagram.bytes)) seen")
    }
  }
}

extension IncompleteDatagram.Reason {
  fileprivate init(_ reason: FragmentReassembler.GivenUp.Reason) {
    switch reason {
    case .timeout: self = .timeout
    case .overlap: self = .overlap
    case .overflow: self = .overflow
    }
  }
}
