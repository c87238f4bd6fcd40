import Addresses
import PXEWire

extension WireTracker {
  /// Takes a segment of a connection that speaks TLS in.
  mutating func takeTLS(
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
}

extension HTTPTransfer {
  /// The server closed a TLS connection: what went over it cannot be judged by its length.
  fileprivate mutating func finishTLS() {
    guard isOpen else { return }
    state = bytes > 0 && state == .running ? .complete : .aborted
  }
}
