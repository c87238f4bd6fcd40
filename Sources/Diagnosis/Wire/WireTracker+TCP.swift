import Addresses
import PXEWire

extension WireTracker {
  /// Takes a segment of a connection that may carry HTTP or TLS in.
  mutating func observeTCP(_ segment: TCPSegment, _ context: Context) -> [WireEvent] {
    let outgoing = ConnectionTable.Key(
      client: context.source, clientPort: segment.sourcePort, server: context.destination,
      port: segment.destinationPort)
    if segment.flags.contains(.syn), !segment.flags.contains(.ack) {
      return connect(outgoing, context)
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
  private mutating func connect(_ key: ConnectionTable.Key, _ context: Context) -> [WireEvent] {
    let mac = owner(of: key.client, else: context.frame.source)
    if let connection = connections[key], !connection.isOpen, connection.attempts > 0 {
      connections.change(key) { $0.attempts += 1 }
      if let index = connection.transfer {
        update(mac, at: context.time) { $0.httpTransfers[index].connectionAttempts += 1 }
      }
      return []
    }
    var connection = Connection()
    connection.attempts = 1
    connection.mac = mac
    connection.packet = context.packet
    // Only of those that boot is it known that they should succeed.
    if clients[mac]?.hasExchanges == true,
      namedServers.contains(key.server) || [80, 443, 8080].contains(key.port)
    {
      connection.transfer = add(key, connection, mac, context)
    }
    connections.insert(connection, key)
    return []
  }

  /// Adds a transfer to the client's trace; `nil` when there are too many.
  private mutating func add(
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
    if segment.flags.contains(.rst) { return reset(key, mac, byClient: true, context) }
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
        connection.fromServer.begin(at: segment.sequence &+ 1)
      }
      change(connection.transfer, of: mac, context) { transfer in
        if transfer.state == .connecting { transfer.state = .connected }
      }
      return []
    }
    if segment.flags.contains(.rst) { return reset(key, mac, byClient: false, context) }
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
      events += takeBody(key, mac, index, segment, context)
    }
    // The server closes: a body without a length ends so.
    if segment.flags.contains(.fin) { events += finish(index, mac, context) }
    return events
  }

  /// Takes a part of a request's or response's head in, which may come in several segments.
  private mutating func takeHead(
    _ segment: TCPSegment, _ key: ConnectionTable.Key, _ mac: MACAddress, isRequest: Bool,
    _ context: Context
  ) -> [WireEvent] {
    guard var connection = connections[key] else { return [] }
    connection.headIsRequest = isRequest
    connection.head += segment.payload.prefix(16384 - connection.head.count)
    let isCut = segment.payload.count < segment.payloadLength
    guard let head = HTTPHead(connection.head[...]) else {
      connection.head = []
      connection.headIsRequest = false
      connections.insert(connection, key)
      return []
    }
    guard head.length != nil || isCut || connection.head.count >= 16384 else {
      connections.insert(connection, key)
      return []
    }
    let before = connection.head.count - segment.payload.count
    connection.head = []
    connection.headIsRequest = false
    switch head.start {
    case .request(let method, let target):
      defer { connections.insert(connection, key) }
      return request(method, target, head, &connection, key, mac, context)
    case .response(let status, let reason):
      let end = connection.fromServer.offset(of: segment.sequence) + (head.length ?? 0) - before
      return response(
        status, reason, head, end, isCut: head.length == nil, connection, key, mac, segment,
        context)
    }
  }

  private mutating func request(
    _ method: String, _ target: String, _ head: HTTPHead, _ connection: inout Connection,
    _ key: ConnectionTable.Key, _ mac: MACAddress, _ context: Context
  ) -> [WireEvent] {
    var events: [WireEvent] = []
    // The next request of a connection begins a transfer of its own.
    if let index = connection.transfer, clients[mac]?.httpTransfers[index].method != nil {
      events += finish(index, mac, context)
      connection.transfer = nil
      connection.packet = context.packet
    }
    connection.isOpen = true
    connection.bodyStart = nil
    connection.bodyEnd = nil
    connection.hasNoBody = method == "HEAD"
    if connection.transfer == nil {
      connection.transfer = add(key, connection, mac, context)
    }
    guard let index = connection.transfer else { return events }
    let transfer = update(mac, at: context.time) { trace in
      trace.stalledHTTP.remove(index)
      trace.httpTransfers[index].method = Limits.text(method)
      trace.httpTransfers[index].target = Limits.text(target)
      trace.httpTransfers[index].host = head["host"].map(Limits.text)
      trace.httpTransfers[index].userAgent = head["user-agent"].map(Limits.text)
      trace.httpTransfers[index].state = .requested
      trace.httpTransfers[index].lastProgress = context.time
      return trace.httpTransfers[index]
    }
    guard let transfer else { return events }
    return events + [event(.httpRequest, transfer, mac, context)]
  }

  private mutating func response(
    _ status: Int, _ reason: String, _ head: HTTPHead, _ end: Int, isCut: Bool,
    _ connection: Connection, _ key: ConnectionTable.Key, _ mac: MACAddress,
    _ segment: TCPSegment, _ context: Context
  ) -> [WireEvent] {
    var connection = connection
    guard status >= 200, let index = connection.transfer else {
      connections.insert(connection, key)
      return []
    }
    let hasNoBody = connection.hasNoBody || status == 204 || status == 304
    connection.bodyStart = end
    if hasNoBody {
      connection.bodyEnd = end
    } else if !isCut, !head.isChunked, let length = head.contentLength {
      connection.bodyEnd = end + length
    }
    connections.insert(connection, key)
    let transfer = update(mac, at: context.time) { trace in
      trace.stalledHTTP.remove(index)
      trace.httpTransfers[index].status = status
      trace.httpTransfers[index].reason = Limits.text(reason)
      trace.httpTransfers[index].contentLength = head.isChunked ? nil : head.contentLength
      trace.httpTransfers[index].contentType = head["content-type"].map(Limits.text)
      trace.httpTransfers[index].location = head["location"].map(Limits.text)
      trace.httpTransfers[index].responsePacket = context.packet
      trace.httpTransfers[index].lastProgress = context.time
      trace.httpTransfers[index].state = status >= 400 ? .failed : hasNoBody ? .complete : .running
      return trace.httpTransfers[index]
    }
    guard let transfer else { return [] }
    if status >= 400 { return [event(.httpError, transfer, mac, context)] }
    if hasNoBody { return [event(.httpComplete, transfer, mac, context)] }
    return takeBody(key, mac, index, segment, context)
  }

  private mutating func takeBody(
    _ key: ConnectionTable.Key, _ mac: MACAddress, _ index: Int, _ segment: TCPSegment,
    _ context: Context
  ) -> [WireEvent] {
    let endsHere = segment.payload.suffix(5).elementsEqual([0x30, 0x0d, 0x0a, 0x0d, 0x0a])
    return countBody(key, mac, index, endsHere: endsHere, context)
  }

  /// Counts what of the body arrived, and ends the transfer when that is all: at its length, or
  /// without one at the last chunk.
  private mutating func countBody(
    _ key: ConnectionTable.Key, _ mac: MACAddress, _ index: Int, endsHere: Bool,
    _ context: Context
  ) -> [WireEvent] {
    guard let connection = connections[key], let start = connection.bodyStart else { return [] }
    let limit = connection.bodyEnd ?? .max
    let end = min(connection.fromServer.end, limit)
    let missing = end > start ? connection.fromServer.missing(in: start..<end) : 0
    let arrived = max(0, end - start - missing, min(connection.acknowledged, limit) - start)
    let kind: WireEvent.Kind?? = update(mac, at: context.time) { trace in
      guard trace.httpTransfers[index].isOpen else { return nil }
      if arrived > trace.httpTransfers[index].bytes {
        trace.stalledHTTP.remove(index)
        trace.httpTransfers[index].bytes = arrived
        trace.httpTransfers[index].lastProgress = context.time
      }
      trace.httpTransfers[index].missedBytes = missing
      trace.httpTransfers[index].state = .running
      if connection.bodyEnd.map({ start + arrived >= $0 })
        ?? (endsHere && trace.httpTransfers[index].contentLength == nil)
      {
        trace.httpTransfers[index].state = .complete
        return .httpComplete
      }
      guard let percent = trace.httpTransfers[index].percent,
        percent > trace.httpTransfers[index].reportedPercent
      else { return nil }
      trace.httpTransfers[index].reportedPercent = percent
      return .httpProgress
    }
    guard let kind = kind ?? nil, let transfer = clients[mac]?.httpTransfers[index] else {
      return []
    }
    return [event(kind, transfer, mac, context)]
  }

  /// Ends an open transfer: whole where no length says otherwise.
  private mutating func finish(
    _ index: Int, _ mac: MACAddress, _ context: Context
  ) -> [WireEvent] {
    guard let open = clients[mac]?.httpTransfers[index], open.isOpen, open.method != nil else {
      return []
    }
    let isWhole =
      open.state == .running
      && (open.contentLength.map { open.bytes + open.missedBytes >= $0 } ?? true)
    let transfer = update(mac, at: context.time) { trace in
      trace.httpTransfers[index].state = isWhole ? .complete : .aborted
      trace.httpTransfers[index].lastProgress = context.time
      return trace.httpTransfers[index]
    }
    guard let transfer else { return [] }
    return [event(isWhole ? .httpComplete : .httpAborted, transfer, mac, context)]
  }

  private mutating func reset(
    _ key: ConnectionTable.Key, _ mac: MACAddress, byClient: Bool, _ context: Context
  ) -> [WireEvent] {
    guard let connection = connections[key], let index = connection.transfer,
      let open = clients[mac]?.httpTransfers[index], open.isOpen
    else { return [] }
    let isRefused = !connection.isOpen && !byClient
    let transfer = update(mac, at: context.time) { trace in
      trace.httpTransfers[index].state = isRefused ? .refused : .aborted
      trace.httpTransfers[index].resetByClient = byClient
      trace.httpTransfers[index].lastProgress = context.time
      return trace.httpTransfers[index]
    }
    // A client may drop a connection on which it asked for nothing more.
    guard let transfer, isRefused || open.method != nil || transfer.isUntrusted else { return [] }
    if transfer.isUntrusted { return [event(.tlsAborted, transfer, mac, context)] }
    return [event(isRefused ? .connectionRefused : .httpAborted, transfer, mac, context)]
  }

  private mutating func takeTLS(
    _ segment: TCPSegment, _ key: ConnectionTable.Key, _ mac: MACAddress, fromClient: Bool,
    _ context: Context
  ) -> [WireEvent] {
    guard var connection = connections[key] else { return [] }
    let record = TLSRecord(segment.payload)
    if !connection.isTLS {
      guard fromClient, case .clientHello = record else { return [] }
      connection.isTLS = true
      if connection.transfer == nil, clients[mac]?.hasExchanges == true {
        connection.transfer = add(key, connection, mac, context)
      }
      connections.insert(connection, key)
    }
    let addition =
      fromClient
      ? nil
      : connections.change(key) {
        $0.fromServer.take(segment.sequence, length: segment.payloadLength)
      }
    guard let index = connection.transfer else { return [] }
    let kind: WireEvent.Kind?? = update(mac, at: context.time) { trace in
      trace.stalledHTTP.remove(index)
      trace.httpTransfers[index].isTLS = true
      trace.httpTransfers[index].lastProgress = context.time
      if let addition { trace.httpTransfers[index].bytes += addition.new }
      switch record {
      case .clientHello(let name):
        trace.httpTransfers[index].serverName = name.map(Limits.text)
        trace.httpTransfers[index].state = .requested
      case .serverHello:
        trace.httpTransfers[index].state = .running
      case .applicationData where fromClient && !trace.httpTransfers[index].isTrusted:
        trace.httpTransfers[index].isTrusted = true
        return .tlsEstablished
      case .alert(let alert) where alert.isFailure:
        trace.httpTransfers[index].tlsAlert = alert
        trace.httpTransfers[index].tlsAlertIsFromClient = fromClient
        trace.httpTransfers[index].state = .aborted
        return .tlsAlert
      default:
        break
      }
      return nil
    }
    if !fromClient, segment.flags.contains(.fin) {
      clients[mac]?.httpTransfers[index].finishTLS()
    }
    guard let kind = kind ?? nil, let transfer = clients[mac]?.httpTransfers[index] else {
      return []
    }
    return [event(kind, transfer, mac, context)]
  }

  private mutating func change(
    _ index: Int?, of mac: MACAddress, _ context: Context, _ body: (inout HTTPTransfer) -> Void
  ) {
    guard let index else { return }
    update(mac, at: context.time) { trace in
      trace.stalledHTTP.remove(index)
      body(&trace.httpTransfers[index])
      trace.httpTransfers[index].lastProgress = context.time
    }
  }

  private func event(
    _ kind: WireEvent.Kind, _ transfer: HTTPTransfer, _ mac: MACAddress, _ context: Context
  ) -> WireEvent {
    WireEvent(
      kind: kind, time: context.time, frame: context.number, mac: mac, vlan: context.vlan,
      text: Self.text(kind, transfer), http: transfer.detail)
  }

  private static func text(_ kind: WireEvent.Kind, _ transfer: HTTPTransfer) -> String {
    let file = "HTTP \(transfer.url)"
    switch kind {
    case .httpRequest: return "HTTP \(transfer.method ?? "") \(transfer.url) of \(transfer.server)"
    case .httpComplete where transfer.method == "HEAD":
      return "\(file) is \(Quantity.bytes(transfer.contentLength ?? 0)) long, says the server"
    case .httpComplete where (300...399).contains(transfer.status ?? 0):
      return "\(file) is elsewhere: \(transfer.location ?? "\(transfer.status ?? 0)")"
    case .httpComplete:
      let again =
        transfer.repeatedSegments > 0 ? ", \(transfer.repeatedSegments) segments sent again" : ""
      return "\(file) \(Quantity.bytes(transfer.bytes)) in \(Quantity.seconds(transfer.duration))"
        + again
    case .httpError:
      return "\(file) refused: \(transfer.status ?? 0) \(transfer.reason ?? "")"
    case .httpAborted:
      let who =
        transfer.resetByClient.map { $0 ? ", reset by the client" : ", reset by the server" }
        ?? ", closed by the server"
      return "\(file) broken off at \(progress(of: transfer))\(who)"
    case .connectionRefused: return "TCP \(transfer.endpoint) refuses the connection"
    case .tlsEstablished:
      return "TLS with \(transfer.serverName ?? transfer.endpoint), of which no more can be seen"
    case .tlsAborted:
      return "TLS with \(transfer.serverName ?? transfer.endpoint) broken off by the client after "
        + "the server's certificate"
    case .tlsAlert:
      let who = transfer.tlsAlertIsFromClient ? "the client" : "the server"
      let code = transfer.tlsAlert.map { "\($0.code)" } ?? ""
      let meaning = transfer.tlsAlert?.meaning.map { ", \($0)" } ?? ""
      return "TLS with \(transfer.serverName ?? transfer.endpoint) ended by \(who): "
        + "alert \(code)\(meaning)"
    default: return "\(file) \(progress(of: transfer))"
    }
  }

  static func progress(of transfer: HTTPTransfer) -> String {
    guard let percent = transfer.percent, let size = transfer.contentLength else {
      return Quantity.bytes(transfer.bytes)
    }
    return "\(percent) % of \(Quantity.bytes(size))"
  }
}

extension HTTPTransfer {
  /// The server closed a TLS connection: what went over it cannot be judged by its length.
  fileprivate mutating func finishTLS() {
    guard isOpen else { return }
    state = bytes > 0 && state == .running ? .complete : .aborted
  }
}
