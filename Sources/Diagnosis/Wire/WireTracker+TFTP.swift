import Addresses
import PXEWire

extension WireTracker {
  mutating func observeTFTP(_ datagram: UDPDatagram, _ context: Context) -> [WireEvent] {
    let outgoing = TransferID(client: context.source, port: datagram.sourcePort)
    let incoming = TransferID(client: context.destination, port: datagram.destinationPort)
    let isRequest = datagram.destinationPort == 69
    guard isRequest || transferIndex[outgoing] != nil || transferIndex[incoming] != nil else {
      join(datagram, context)
      return []
    }
    guard let message = try? TFTPMessage(decoding: datagram) else { return [] }
    switch message {
    case .readRequest(let request):
      return isRequest
        ? start(request, isWrite: false, isCut: datagram.isTruncated, outgoing, context) : []
    case .writeRequest(let request):
      return isRequest
        ? start(request, isWrite: true, isCut: datagram.isTruncated, outgoing, context) : []
    default: break
    }
    let fromClient = transferIndex[outgoing] != nil
    guard let place = transferIndex[fromClient ? outgoing : incoming] else { return [] }
    let tellsEvents = tellsEvents
    let kind: WireEvent.Kind?? = update(place.mac, at: context.time) { trace in
      let kind = trace.transfers[place.index].take(
        message, datagram, fromClient: fromClient, tellsEvents: tellsEvents, context)
      if kind != nil { trace.stalled.remove(place.index) }
      return kind
    }
    if case .optionAcknowledgment = message, knownSizes.count < capacity,
      let transfer = clients[place.mac]?.transfers[place.index], let size = transfer.size
    {
      knownSizes[SizeKey(server: transfer.server, file: transfer.file)] = size
    }
    guard tellsEvents, let kind = kind ?? nil,
      let transfer = clients[place.mac]?.transfers[place.index]
    else {
      return []
    }
    return [event(kind, transfer, place.mac, context.time, frame: context.number)]
  }

  private mutating func start(
    _ request: TFTPMessage.Request, isWrite: Bool, isCut: Bool, _ id: TransferID,
    _ context: Context
  ) -> [WireEvent] {
    let mac = owner(of: context.source, else: context.frame.source)
    if let place = transferIndex[id], place.mac == mac,
      let earlier = clients[mac]?.transfers[place.index], earlier.isOpen, earlier.blocks == 0,
      earlier.file == Limits.text(request.file), earlier.server == context.destination
    {
      update(mac, at: context.time) { $0.transfers[place.index].repeatedRequests += 1 }
      return []
    }
    let isFull = (clients[mac]?.transfers.count ?? 0) >= Limits.transfers
    guard !isFull, admit() else {
      clients[mac]?.omitted += 1
      transferIndex[id] = nil
      return []
    }
    var transfer = TFTPTransfer(
      request: request, isCut: isCut, isWrite: isWrite, server: context.destination,
      client: id.client, clientPort: id.port, vlan: context.vlan, packet: context.packet)
    if !transfer.askedForSize {
      transfer.size = knownSizes[SizeKey(server: transfer.server, file: transfer.file)]
    } else if isWrite {
      transfer.size = request.options.transferSize
    }
    let index = update(mac, at: context.time) { trace in
      trace.transfers.append(transfer)
      return trace.transfers.count - 1
    }
    guard let index else { return [] }
    transferIndex[id] = (mac, index)
    if owners[id.client] == nil, owners.count < capacity { owners[id.client] = mac }
    return [event(.tftpRequest, transfer, mac, context.time, frame: context.number)]
  }

  /// Follows a transfer whose request is not in the capture once its packets show that it is one.
  private mutating func join(_ datagram: UDPDatagram, _ context: Context) {
    guard let conversation = candidates.take(datagram, context) else { return }
    let mac = owner(of: conversation.client, else: conversation.mac)
    guard (clients[mac]?.transfers.count ?? 0) < Limits.transfers, admit() else {
      clients[mac]?.omitted += 1
      return
    }
    let transfer = TFTPTransfer(joining: conversation, vlan: context.vlan)
    let index = update(mac, at: context.time) { trace in
      trace.transfers.append(transfer)
      return trace.transfers.count - 1
    }
    guard let index else { return }
    transferIndex[TransferID(client: conversation.client, port: conversation.clientPort)] =
      (mac, index)
    if owners[conversation.client] == nil, owners.count < capacity {
      owners[conversation.client] = mac
    }
  }

  func event(
    _ kind: WireEvent.Kind, _ transfer: TFTPTransfer, _ mac: MACAddress, _ time: Timestamp,
    frame: Int
  ) -> WireEvent {
    WireEvent(
      kind: kind, time: time, frame: frame, mac: mac, vlan: transfer.vlan,
      text: Self.text(kind, transfer), tftp: transfer.detail)
  }

  private static func text(_ kind: WireEvent.Kind, _ transfer: TFTPTransfer) -> String {
    let file = "TFTP \(transfer.file)"
    switch kind {
    case .tftpRequest:
      return "\(file) \(transfer.isWrite ? "offered to" : "asked of") \(transfer.server)"
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
    default:
      return "\(file) \(progress(of: transfer))"
        + Quantity.rate(transfer.bytes, in: transfer.duration)
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
  mutating func take(
    _ message: TFTPMessage, _ datagram: UDPDatagram, fromClient: Bool, tellsEvents: Bool,
    _ context: WireTracker.Context
  ) -> WireEvent.Kind? {
    let packet = context.packet
    if !fromClient {
      serverPort = serverPort ?? datagram.sourcePort
      if context.source != server { otherAnswerer = otherAnswerer ?? context.source }
    }
    switch message {
    case .data(let block, let count):
      guard fromClient == isWrite, isOpen else { return nil }
      // What garbles checksums does so from the beginning: the fast path looks at none.
      if datagram.checksum == .invalid, blocks < TransferFastPath.blocksBefore || badChecksums > 0 {
        badChecksums += 1
      }
      if context.fragments > 1 { fragmentedBlocks += 1 }
      if head != nil, missedBlocks == 0, Int(block) == lastBlock + 1 {
        look(at: datagram.payload.dropFirst(4), isCut: datagram.isTruncated)
      }
      guard take(block: block, count: count, in: packet) else { return nil }
      if state == .complete { return .tftpComplete }
      guard tellsEvents, let percent, percent > reportedPercent else { return nil }
      reportedPercent = percent
      return .tftpProgress
    case .acknowledgment(let block):
      guard fromClient != isWrite, acknowledge(block, in: packet) else { return nil }
      return .tftpComplete
    case .optionAcknowledgment(let options):
      guard !fromClient, isOpen else { return nil }
      take(options, isCut: datagram.isTruncated, in: packet)
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
