import Addresses
import PXEWire

extension WireTracker {
  mutating func observeTFTP(
    _ datagram: UDPDatagram, in packet: IPv4Packet, _ context: Context
  ) -> [WireEvent] {
    let outgoing = TransferID(client: .v4(packet.source), port: datagram.sourcePort)
    let incoming = TransferID(client: .v4(packet.destination), port: datagram.destinationPort)
    let isRequest = datagram.destinationPort == 69
    guard isRequest || transferIndex[outgoing] != nil || transferIndex[incoming] != nil,
      let message = try? TFTPMessage(decoding: datagram)
    else { return [] }
    if case .readRequest(let request) = message {
      guard isRequest else { return [] }
      return start(request, outgoing, server: .v4(packet.destination), context)
    }
    let fromClient = transferIndex[outgoing] != nil
    guard let place = transferIndex[fromClient ? outgoing : incoming] else { return [] }
    let (kind, transfer) = update(place.mac, at: context.time) { trace in
      let kind = trace.transfers[place.index].take(
        message, fromClient: fromClient, in: context.packet)
      if kind != nil { trace.stalled.remove(place.index) }
      return (kind, trace.transfers[place.index])
    }
    if let size = transfer.size {
      knownSizes[SizeKey(server: transfer.server, file: transfer.file)] = size
    }
    guard let kind else { return [] }
    return [event(kind, transfer, place.mac, context)]
  }

  private mutating func start(
    _ request: TFTPMessage.Request, _ id: TransferID, server: IPAddress, _ context: Context
  ) -> [WireEvent] {
    let mac = context.frame.source
    if let place = transferIndex[id], place.mac == mac,
      let earlier = clients[mac]?.transfers[place.index], earlier.isOpen, earlier.blocks == 0,
      earlier.file == request.file
    {
      update(mac, at: context.time) { $0.transfers[place.index].repeatedRequests += 1 }
      return []
    }
    var transfer = TFTPTransfer(
      request: request, server: server, client: id.client, clientPort: id.port,
      vlan: context.vlan, packet: context.packet)
    if !transfer.askedForSize {
      transfer.size = knownSizes[SizeKey(server: server, file: request.file)]
    }
    let index = update(mac, at: context.time) { trace in
      trace.transfers.append(transfer)
      return trace.transfers.count - 1
    }
    transferIndex[id] = (mac, index)
    return [event(.tftpRequest, transfer, mac, context)]
  }

  private func event(
    _ kind: WireEvent.Kind, _ transfer: TFTPTransfer, _ mac: MACAddress, _ context: Context
  ) -> WireEvent {
    WireEvent(
      kind: kind, time: context.time, frame: context.number, mac: mac, vlan: context.vlan,
      text: Self.text(kind, transfer), dhcp: nil, tftp: transfer.detail)
  }

  private static func text(_ kind: WireEvent.Kind, _ transfer: TFTPTransfer) -> String {
    let file = "TFTP \(transfer.file)"
    switch kind {
    case .tftpRequest: return "\(file) asked of \(transfer.server)"
    case .tftpSize: return "\(file) is \(Quantity.bytes(transfer.size ?? 0)) long, says the server"
    case .tftpComplete:
      let again =
        transfer.repeatedBlocks > 0 ? ", \(transfer.repeatedBlocks) blocks sent again" : ""
      return "\(file) \(Quantity.bytes(transfer.bytes)) in \(Quantity.seconds(transfer.duration)), "
        + "blksize \(transfer.blockSize)\(again)"
    case .tftpError:
      let note = transfer.isOptional ? " (optional, its absence is normal)" : ""
      return "\(file) refused: \(reason(transfer))\(note)"
    case .tftpAborted:
      return "\(file) broken off by the client at \(progress(of: transfer)): "
        + reason(transfer)
    default: return "\(file) \(progress(of: transfer))"
    }
  }

  private static func reason(_ transfer: TFTPTransfer) -> String {
    let code = transfer.errorCode.map { "error \($0.rawValue)" } ?? "no error code"
    guard let message = transfer.errorMessage, !message.isEmpty else {
      return transfer.errorCode?.meaning.map { "\(code), \($0)" } ?? code
    }
    return "\(code), \(message)"
  }

  static func progress(of transfer: TFTPTransfer) -> String {
    guard let percent = transfer.percent, let size = transfer.size else {
      return Quantity.bytes(transfer.bytes)
    }
    return "\(percent) % of \(Quantity.bytes(size))"
  }
}

extension TFTPTransfer {
  /// Takes a packet of this transfer in. Returns the kind of event that it makes, if any.
  fileprivate mutating func take(
    _ message: TFTPMessage, fromClient: Bool, in packet: PacketReference
  ) -> WireEvent.Kind? {
    switch message {
    case .data(let block, let count):
      guard !fromClient, isOpen, take(block: block, count: count, in: packet) else { return nil }
      guard let percent, percent > reportedPercent else { return nil }
      reportedPercent = percent
      return .tftpProgress
    case .acknowledgment(let block):
      guard fromClient, acknowledge(block, in: packet) else { return nil }
      return .tftpComplete
    case .optionAcknowledgment(let options):
      guard !fromClient, isOpen else { return nil }
      take(options, in: packet)
      return nil
    case .error(let code, let text):
      guard isOpen else { return nil }
      fail(code, text, fromClient: fromClient, in: packet)
      return state == .sizeOnly ? .tftpSize : state == .aborted ? .tftpAborted : .tftpError
    case .readRequest, .writeRequest:
      return nil
    }
  }
}
