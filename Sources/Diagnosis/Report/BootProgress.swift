import Addresses
import PXEWire

/// How far a client got, and when.
struct BootProgress: Sendable {
  /// A file that arrived whole.
  struct Load: Sendable {
    /// Its name, or the URL's path.
    let file: String
    /// When it was asked for.
    let started: Timestamp
    /// Whether its name is one of text that a program reads, so that nobody starts it.
    var isText: Bool {
      let name = file.lowercased()
      return [".cfg", ".conf", ".ipxe", ".lst", ".txt"].contains(where: name.hasSuffix)
        || name.contains("pxelinux.cfg/") || name.contains("grub.cfg-")
    }
    /// When its last byte came.
    let ended: Timestamp
  }

  /// Files that arrived whole, in the order of their ends.
  let loads: [Load]
  /// When programs that want a boot file were given an address.
  let bootLeases: [Timestamp]
  /// When anything else was.
  let otherLeases: [Timestamp]
  /// When files were asked for.
  let requests: [Timestamp]
  /// When something showed that a program that was loaded ran.
  let runs: [Timestamp]
  /// When something asked for an address after a load that may have been the firmware or not: the
  /// capture cut off what tells.
  let possibleRuns: [Timestamp]
  /// When an operating system, or a program with its own client, asked for an address after a load.
  let systems: [Timestamp]
  /// What asked for addresses, in the order of appearance.
  let programs: [String]

  init(_ trace: ClientTrace) {
    var loads = trace.transfers.filter {
      $0.hasArrived && $0.image != .page
    }
    .map { Load(file: $0.file, started: $0.started, ended: $0.lastProgress) }
    let disks = trace.readDisks
    loads += disks.map { Load(file: $0.name, started: $0.started, ended: $0.ended) }
    loads += trace.httpTransfers.filter {
      $0.hasArrived(in: trace) && $0.method != "HEAD" && $0.status ?? 200 < 300
        && $0.image != .page
    }
    .map { Load(file: $0.target ?? "/", started: $0.started, ended: $0.lastProgress) }
    loads.sort { $0.ended < $1.ended }
    self.loads = loads
    var bootLeases: [Timestamp] = []
    var otherLeases: [Timestamp] = []
    for exchange in trace.exchanges where !exchange.isBootServerDiscovery {
      let times = exchange.acks.filter { !$0.hasBadChecksum }.map(\.time)
      if exchange.agent.wantsBootFile { bootLeases += times } else { otherLeases += times }
    }
    for exchange in trace.exchangesV6 {
      let times = exchange.replies
        .filter { !$0.hasBadChecksum && (!$0.addresses.isEmpty || $0.bootFileURL != nil) }
        .map(\.time)
      if exchange.agent.wantsBootFile { bootLeases += times } else { otherLeases += times }
    }
    self.bootLeases = bootLeases
    self.otherLeases = otherLeases

    let asked =
      trace.transfers.filter {
        $0.state != .sizeOnly && !($0.isMissing && $0.isLookedForByFirmware)
      }
      .map { ($0.file, $0.started) }
      + trace.httpTransfers.filter { $0.target != nil }.map { ($0.target ?? "", $0.started) }
    // What is asked for over TLS is not seen, but that something is.
    requests =
      asked.map(\.1) + disks.map(\.started)
      + trace.httpTransfers.filter { $0.isTLS && $0.isTrusted }.map(\.started)
    // A program that was loaded asks for another file, or for an address of its own. Of one that was
    // not captured whole, asking for the next file shows that it arrived.
    let arrived =
      loads.map { ($0.file, $0.ended) }
      + trace.transfers
      .filter { $0.state != .failed && $0.state != .aborted && $0.state != .sizeOnly }
      .filter { !$0.isWhole && $0.repeatedRequests == 0 && $0.repeatedBlocks < 4 }
      .map { ($0.file, $0.lastProgress) }
    // The earliest arrival, and the earliest of another file.
    let first = arrived.min { $0.1 < $1.1 }
    let other = arrived.filter { one in first.map { !ClientTrace.isSame($0.0, one.0) } ?? false }
      .min { $0.1 < $1.1 }
    var runs = asked.filter { $0.0 != TFTPTransfer.unnamed }.compactMap { file, time in
      let before = first.flatMap { ClientTrace.isSame($0.0, file) ? other : $0 }
      return before.map { $0.1 < time } ?? false ? time : nil
    }
    let asking =
      trace.exchanges.map { ($0.agent, $0.started) }
      + trace.exchangesV6.map { ($0.agent, $0.started) }
    let after = loads.first?.ended
    let loaded = asking.filter { agent, time in
      (agent == .ipxe || agent == .other) && after.map { $0 < time } ?? false
    }
    runs += loaded.map(\.1)
    // What reads its disk is what the disk has on it.
    runs += disks.map(\.ended)
    self.runs = runs
    possibleRuns = asking.filter { agent, time in
      !agent.isCertain && after.map { $0 < time } ?? false
    }.map(\.1)
    systems = loaded.filter { $0.0 == .other }.map(\.1)
    var names: [String] = []
    // Of an answer to nobody it is not known what asked.
    let heard =
      trace.exchanges.filter { !$0.clientMessages.isEmpty }.map { ($0.agent, $0.started) }
      + trace.exchangesV6.filter { !$0.clientMessages.isEmpty }.map { ($0.agent, $0.started) }
    for (agent, _) in heard.sorted(by: { $0.1 < $1.1 })
    where agent.isCertain && !names.contains(agent.title) {
      names.append(agent.title)
    }
    programs = names
  }

  /// How far.
  func stage(of trace: ClientTrace) -> ClientStage {
    if !systems.isEmpty { return .system }
    if !runs.isEmpty { return .loader }
    if !loads.isEmpty { return .loaded }
    if !requests.isEmpty || trace.httpTransfers.contains(where: \.isTLS) { return .nbp }
    if !bootLeases.isEmpty || !otherLeases.isEmpty { return .lease }
    let isOffered =
      trace.exchanges.contains { !$0.offers.isEmpty }
      || trace.exchangesV6.contains { !$0.advertises.isEmpty }
    if isOffered { return .offer }
    return trace.hasExchanges ? .discover : .silent
  }
}

/// A disk of a storage network that a client reads.
struct DiskRead: Hashable, Sendable {
  /// Its iSCSI name, or what it is.
  let name: String
  /// When the client first turned to it.
  let started: Timestamp
  /// The last packet with data of it, as far as it is known.
  let packet: PacketReference
  /// When that was.
  var ended: Timestamp { packet.time }
}

extension ClientTrace {
  /// The disks of a storage network that it reads.
  var readDisks: [DiskRead] {
    var disks = iscsiSessions.filter(\.isRead).map {
      DiskRead(
        name: $0.target ?? "iscsi:\($0.server)", started: $0.started,
        packet: PacketReference(frame: $0.packet.frame, time: $0.lastProgress))
    }
    if storage.isRead, let first = storage.firstReceived, let last = storage.lastReceived {
      disks.append(DiskRead(name: "a disk over Ethernet", started: first.time, packet: last))
    }
    return disks
  }
}

extension TFTPTransfer {
  /// Whether U-Boot, which is the firmware, looks for this file besides the boot file.
  var isLookedForByFirmware: Bool {
    file.hasPrefix("dtb/") || file.hasPrefix("boot.scr") || file.hasSuffix(".dtb")
  }

  /// Whether it was delivered although the capture lacks the last acknowledgment: the last block came,
  /// and nobody sent anything again.
  var isUnseenWhole: Bool { isDelivered && repeatsSinceProgress == 0 && isOpen }
}

extension TFTPTransfer {
  /// Whether the file came whole, as far as the capture shows.
  var hasArrived: Bool { isWhole || isUnseenWhole || isWholeThoughMissed }
}

extension HTTPTransfer {
  /// Whether the body came whole, as far as the capture shows: it may lack the last acknowledgment, as
  /// of a program that is started, or segments in between.
  func hasArrived(in trace: ClientTrace) -> Bool {
    let isStarted = isAtEnd && resetByClient == true && !isOpen
    let known = max(state == .complete ? bytes + missedBytes : 0, sentBytes ?? 0)
    let isMissed = contentLength.map { $0 <= known } ?? (state == .complete)
    return isWhole || isUnseenWhole(in: trace) || isStarted || isMissed
  }

  /// Whether so little is missing that the last acknowledgment may be: a program that is started shuts
  /// the card down at once.
  var isAtEnd: Bool { contentLength.map { $0 - bytes < 1 << 14 && bytes > $0 / 2 } ?? false }

  /// Whether it was delivered although the last bytes are not acknowledged: what was loaded asks for
  /// an address soon after.
  func isUnseenWhole(in trace: ClientTrace) -> Bool {
    guard isOpen, isAtEnd else { return false }
    return trace.exchanges.contains { exchange in
      exchange.agent != .firmware && exchange.agent != .httpFirmware
        && exchange.started > lastProgress
        && exchange.started.seconds(since: lastProgress) < 10
    }
  }
}

extension ClientTrace {
  /// Whether it is a server that the tracker took for a client, since it has a conversation with
  /// one: its own requests are none.
  func isServer(among clients: [MACAddress: ClientTrace]) -> Bool {
    !hasExchanges && transfers.isEmpty
      && clients.values.contains { client in
        client.mac != mac
          && client.exchanges.contains { exchange in
            (exchange.offers + exchange.acks).contains { $0.serverMAC == mac }
          }
      }
  }
}
