import Addresses
import PXEWire

extension WireTracker {
  /// Takes a part of a request's or response's head in, which may come in several segments.
  mutating func takeHead(
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
    connection.bodyHead = nil
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
    connection.bodyHead = hasNoBody || isCut || head.isChunked ? nil : []
    connections.insert(connection, key)
    let transfer = update(mac, at: context.time) { trace in
      trace.stalledHTTP.remove(index)
      trace.httpTransfers[index].status = status
      trace.httpTransfers[index].reason = Limits.text(reason)
      trace.httpTransfers[index].contentLength = head.isChunked ? nil : head.contentLength
      trace.httpTransfers[index].isChunked = head.isChunked
      trace.httpTransfers[index].hasWholeHead = !isCut
      trace.httpTransfers[index].contentType = head["content-type"].map(Limits.text)
      trace.httpTransfers[index].location = head["location"].map(Limits.text)
      trace.httpTransfers[index].responsePacket = context.packet
      trace.httpTransfers[index].lastProgress = context.time
      trace.httpTransfers[index].state = status >= 400 ? .failed : hasNoBody ? .complete : .running
      return trace.httpTransfers[index]
    }
    guard let transfer else { return [] }
    // Where a redirection leads to is a boot server too.
    if let location = transfer.location, namedServers.count < Limits.clients,
      let address = ClientTrace.host(ofURL: location).flatMap({ IPAddress($0) })
    {
      namedServers.insert(address)
    }
    if status >= 400 { return [event(.httpError, transfer, mac, context)] }
    if hasNoBody { return [event(.httpComplete, transfer, mac, context)] }
    return takeBody(key, mac, index, segment, context)
  }

  mutating func takeBody(
    _ key: ConnectionTable.Key, _ mac: MACAddress, _ index: Int, _ segment: TCPSegment,
    _ context: Context
  ) -> [WireEvent] {
    look(at: segment, key, mac, index)
    let endsHere = segment.payload.suffix(5).elementsEqual([0x30, 0x0d, 0x0a, 0x0d, 0x0a])
    return countBody(key, mac, index, endsHere: endsHere, context)
  }

  /// Looks at the body's first bytes to see what it is.
  private mutating func look(
    at segment: TCPSegment, _ key: ConnectionTable.Key, _ mac: MACAddress, _ index: Int
  ) {
    guard let connection = connections[key], let start = connection.bodyStart,
      var head = connection.bodyHead
    else { return }
    let known = start + head.count - connection.fromServer.offset(of: segment.sequence)
    guard known >= 0, known < segment.payload.count else { return }
    head += segment.payload.dropFirst(known).prefix(BootImage.length - head.count)
    if let image = BootImage(head) { clients[mac]?.httpTransfers[index].image = image }
    let isEnough =
      head.count >= BootImage.length || segment.payload.count < segment.payloadLength
    connections.change(key) { $0.bodyHead = isEnough ? nil : head }
  }

  /// Counts what of the body arrived, and ends the transfer when that is all: at its length, or
  /// without one at the last chunk.
  mutating func countBody(
    _ key: ConnectionTable.Key, _ mac: MACAddress, _ index: Int, endsHere: Bool,
    _ context: Context
  ) -> [WireEvent] {
    guard let connection = connections[key], let start = connection.bodyStart else { return [] }
    let limit = connection.bodyEnd ?? .max
    let end = min(connection.fromServer.end, limit)
    let missing = end > start ? connection.fromServer.missing(in: start..<end) : 0
    let arrived = max(0, end - start - missing, min(connection.acknowledged, limit) - start)
    let tellsEvents = tellsEvents
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
      guard tellsEvents, let percent = trace.httpTransfers[index].percent,
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
  mutating func finish(
    _ index: Int, _ mac: MACAddress, _ context: Context
  ) -> [WireEvent] {
    guard let open = clients[mac]?.httpTransfers[index], open.isOpen, open.method != nil else {
      return []
    }
    let isWhole =
      open.state == .running
      && (open.contentLength.map {
        // The server's last sequence number tells of what the capture lacks at the end too.
        open.bytes + open.missedBytes >= $0 || (open.sentBytes ?? 0) >= $0
      } ?? true)
    let transfer = update(mac, at: context.time) { trace in
      trace.httpTransfers[index].state = isWhole ? .complete : .aborted
      trace.httpTransfers[index].lastProgress = context.time
      return trace.httpTransfers[index]
    }
    guard let transfer else { return [] }
    return [event(isWhole ? .httpComplete : .httpAborted, transfer, mac, context)]
  }
}
