import PXEWire

extension ClientTrace {
  /// What has come since a moment: the packets of one boot of a machine that has booted before. `nil`
  /// when nothing has.
  package func since(_ time: Timestamp) -> ClientTrace? {
    guard lastSeen >= time else { return nil }
    var later = self
    later.exchanges = exchanges.filter { $0.started >= time }
    later.exchangesV6 = exchangesV6.filter { $0.started >= time }
    later.transfers = transfers.filter { $0.started >= time }
    later.httpTransfers = httpTransfers.filter { $0.started >= time }
    later.nameQueries = nameQueries.filter { $0.packet.time >= time }
    later.unansweredARP = unansweredARP.filter { $0.since >= time }
    later.unansweredNeighbors = unansweredNeighbors.filter { $0.since >= time }
    later.deliveryFailures = deliveryFailures.filter { $0.packet.time >= time }
    later.iscsiSessions = iscsiSessions.filter { $0.started >= time }
    if storage.firstSent.map({ $0.time < time }) ?? false { later.storage = StorageFrames() }
    later.stalled = []
    later.stalledHTTP = []
    return later
  }
}
