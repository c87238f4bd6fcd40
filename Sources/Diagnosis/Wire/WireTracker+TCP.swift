import Addresses
import PXEWire

extension WireTracker {
  /// Takes a segment of a connection that may carry HTTP or TLS in.
  mutating func observeTCP(_ segment: TCPSegment, _ context: Context) -> [WireEvent] {
    let outgoing = ConnectionTable.Key(
      client: context.source, clientPort: segment.sourcePort, server: context.destination,
      port: segment.destinationPort)
    if segment.flags.contains(.syn), !segment.flags.contains(.ack) {
      return connect(outgoing, segment.sequence, context)
    }
    if connections.contains(outgoing) { return takeFromClient(segment, outgoing, context) }
    let incoming = ConnectionTable.Key(
      client: context.destination, clientPort: segment.destinationPort, server: context.source,
      port: segment.sourcePort)
    if connections.contains(incoming) { return takeFromServer(segment, incoming, context) }
    // A connection that began before the capture shows itself with its next request.
    guard let head = HTTPHead(segment.payload), case .request = head.start else { return [] }
    var connection = Connection()
    connection.isOpen = true
    connection.mac = owner(of: context.source, else: context.frame.source)
    connection.packet = context.packet
    connections.insert(connection, outgoing)
    return takeFromClient(segment, outgoing, context)
  }

  /// A client wants to connect.
  private mutating func connect(
    _ key: ConnectionTable.Key, _ sequence: UInt32, _ context: Context
  ) -> [WireEvent] {
    let mac = owner(of: key.client, else: context.frame.source)
    // A copy of the SYN, of another interface, may stand after the answer.
    if let connection = connections[key], connection.isOpen, connection.firstSequence == sequence {
      return []
    }
    if let connection = connections[key], !connection.isOpen, connection.attempts > 0 {
      connections.change(key) { $0.attempts += 1 }
      if let index = connection.session {
        update(mac, at: context.time) { $0.iscsiSessions[index].connectionAttempts += 1 }
      }
      if let index = connection.transfer {
        update(mac, at: context.time) { $0.httpTransfers[index].connectionAttempts += 1 }
      }
      return []
    }
    var connection = Connection()
    connection.attempts = 1
    connection.firstSequence = sequence
    connection.mac = mac
    connection.packet = context.packet
    connection.session = beginISCSI(key, mac, context)
    // Only of those that boot is it known that they should succeed.
    if connection.session == nil, clients[mac]?.hasExchanges == true,
      namedServers.contains(key.server) || [80, 443, 8080].contains(key.port)
    {
      connection.transfer = add(key, connection, mac, context)
    }
    connections.insert(connection, key)
    return []
  }

  /// Adds a transfer to the client's trace; `nil` when there are too many.
  mutating func add(
    _ key: ConnectionTable.Key, _ connection: Connection, _ mac: MACAddress, _ context: Context
  ) -> Int? {
    let isFull = (clients[mac]?.httpTransfers.count ?? 0) >= Limits.transfers
    guard !isFull, admit() else {
      clients[mac]?.omitted += 1
      return nil
    }
    var transfer = HTTPTransfer(
      server: key.server, port: key.port, client: key.client, clientPort: key.clientPort,
      vlan: context.vlan, packet: connection.packet)
    transfer.connectionAttempts = connection.attempts
    transfer.isTLS = connection.isTLS
    transfer.state = connection.isOpen ? .connected : .connecting
    return update(mac, at: context.time) { trace in
      trace.httpTransfers.append(transfer)
      return trace.httpTransfers.count - 1
    }
  }

  private mutating func takeFromClient(
    _ segment: TCPSegment, _ key: ConnectionTable.Key, _ context: Context
  ) -> [WireEvent] {
    guard let connection = connections[key], !connection.isForeign else { return [] }
    let mac = connection.mac
    if let session = connection.session {
      takeISCSI(segment, session, key, mac, fromClient: true, context)
      return []
    }
    if segment.flags.contains(.rst) { return reset(key, mac, byClient: true, segment, context) }
    var events: [WireEvent] = []
    if segment.flags.contains(.ack), connection.bodyStart != nil, let index = connection.transfer {
      connections.change(key) {
        $0.acknowledged = max($0.acknowledged, $0.fromServer.offset(of: segment.acknowledgment))
      }
      events = countBody(key, mac, index, endsHere: false, context)
    }
    if segment.payload.isEmpty { return events }
    if connection.isTLS || TLSRecord(segment.payload) != nil {
      return takeTLS(segment, key, mac, fromClient: true, context)
    }
    if connection.headIsRequest || HTTPHead.mayBegin(segment.payload) {
      // What was taken in already came again, or is a copy of another interface.
      let isNew =
        connection.nextRequest.map { Int32(bitPattern: segment.sequence &- $0) >= 0 } ?? true
      guard isNew else { return events }
      connections.change(key) {
        $0.nextRequest = segment.sequence &+ UInt32(truncatingIfNeeded: segment.payloadLength)
      }
      return events + takeHead(segment, key, mac, isRequest: true, context)
    }
    if connection.transfer == nil { connections.change(key) { $0.isForeign = true } }
    return events
  }

  private mutating func takeFromServer(
    _ segment: TCPSegment, _ key: ConnectionTable.Key, _ context: Context
  ) -> [WireEvent] {
    guard let connection = connections[key], !connection.isForeign else { return [] }
    let mac = connection.mac
    if segment.flags.contains(.syn) {
      connections.change(key) { connection in
        connection.isOpen = true
        if connection.fromServer.start != segment.sequence &+ 1 {
          connection.fromServer.begin(at: segment.sequence &+ 1)
        }
      }
      if let session = connection.session {
        takeISCSI(segment, session, key, mac, fromClient: false, context)
      }
      change(connection.transfer, of: mac, context) { transfer in
        if transfer.state == .connecting { transfer.state = .connected }
      }
      return []
    }
    if let session = connection.session {
      takeISCSI(segment, session, key, mac, fromClient: false, context)
      return []
    }
    if segment.flags.contains(.rst) { return reset(key, mac, byClient: false, segment, context) }
    if connection.isTLS { return takeTLS(segment, key, mac, fromClient: false, context) }
    var events: [WireEvent] = []
    let addition = connections.change(key) {
      $0.fromServer.take(segment.sequence, length: segment.payloadLength)
    }
    guard let addition, let index = connection.transfer else { return [] }
    if segment.payloadLength > 0, addition.new == 0 {
      clients[mac]?.httpTransfers[index].repeatedSegments += 1
    }
    if addition.new > 0, connection.bodyStart == nil, connection.headIsRequest == false,
      !connection.head.isEmpty || HTTPHead.mayBegin(segment.payload)
    {
      events += takeHead(segment, key, mac, isRequest: false, context)
    } else if addition.new > 0 {
      if connection.bodyStart == nil {
        clients[mac]?.httpTransfers[index].unreadBytes += addition.new
      }
      events += takeBody(key, mac, index, segment, context)
    }
    // The server closes: a body without a length ends so.
    if segment.flags.contains(.fin) { noteEnd(of: key, mac, segment) }
    if segment.flags.contains(.fin) { events += finish(index, mac, context) }
    return events
  }

  private mutating func reset(
    _ key: ConnectionTable.Key, _ mac: MACAddress, byClient: Bool, _ segment: TCPSegment,
    _ context: Context
  ) -> [WireEvent] {
    if !byClient { noteEnd(of: key, mac, segment) }
    guard let connection = connections[key], let index = connection.transfer,
      let open = clients[mac]?.httpTransfers[index], open.isOpen
    else { return [] }
    let isRefused = !connection.isOpen && !byClient
    let transfer = update(mac, at: context.time) { trace in
      trace.httpTransfers[index].state = isRefused ? .refused : .aborted
      trace.httpTransfers[index].resetByClient = byClient
      trace.httpTransfers[index].silenceBeforeReset =
        context.time.seconds(since: open.lastProgress)
      trace.httpTransfers[index].lastProgress = context.time
      return trace.httpTransfers[index]
    }
    // A client may drop a connection on which it asked for nothing more.
    guard let transfer, isRefused || open.method != nil || transfer.isUntrusted else { return [] }
    if transfer.isUntrusted { return [event(.tlsAborted, transfer, mac, context)] }
    return [event(isRefused ? .connectionRefused : .httpAborted, transfer, mac, context)]
  }

  /// Notes how much of a body the server had sent when it ends the connection.
  private mutating func noteEnd(
    of key: ConnectionTable.Key, _ mac: MACAddress, _ segment: TCPSegment
  ) {
    guard let connection = connections[key], let start = connection.bodyStart,
      let index = connection.transfer, clients[mac]?.httpTransfers[index].isOpen == true
    else { return }
    let stated = connection.fromServer.offset(of: segment.sequence) + segment.payloadLength
    clients[mac]?.httpTransfers[index].sentBytes =
      max(0, max(stated, connection.fromServer.end) - start)
  }

  /// Changes a transfer that is known and makes it progress.
  mutating func change(
    _ index: Int?, of mac: MACAddress, _ context: Context, _ body: (inout HTTPTransfer) -> Void
  ) {
    guard let index else { return }
    update(mac, at: context.time) { trace in
      trace.stalledHTTP.remove(index)
      body(&trace.httpTransfers[index])
      trace.httpTransfers[index].lastProgress = context.time
    }
  }
}
