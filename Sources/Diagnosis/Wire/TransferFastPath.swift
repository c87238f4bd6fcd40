import Addresses
import PXEWire

/// Takes the usual packets of running TFTP transfers in by their headers: the next whole block, and
/// the acknowledgment of a block not acknowledged before. They are nearly all of a network boot, and
/// say nothing but that it goes on. Every other packet is the tracker's, which is first told what
/// was taken in here.
///
/// What is taken in here is new to its transfer, so it cannot be a second sighting of a frame.
struct TransferFastPath: Sendable {
  /// One direction of a transfer: what all its packets share.
  private struct Flow: Sendable {
    var key: DatagramKey
    var transfer: Int
    var isData: Bool
    var frames = 0
    var last = PacketReference(frame: 0, time: Timestamp(nanoseconds: 0))
  }

  /// A running transfer, and what it has got since the tracker was told.
  fileprivate struct Transfer: Sendable {
    var mac: MACAddress
    var index: Int
    var lastBlock: Int
    let rolloverShift: Int
    let blockSize: Int
    var acknowledged: Int
    /// Blocks until the next percent, if that is an event.
    var blocksLeft: Int
    var blocks = 0
    var acknowledgments = 0
    var lastProgress = PacketReference(frame: 0, time: Timestamp(nanoseconds: 0))
  }

  private var flows: [Flow] = []
  private var transfers: [Transfer] = []
  /// The flow for each hash of a key, or -1.
  private var places = [Int16](repeating: -1, count: Self.placeCount)
  private var recent = RecentFrames()
  private var isDirty = false
  /// How many packets were taken in here.
  private(set) var taken = 0
  /// When the tracker wants to look at the time.
  private var nextSweep = Timestamp(nanoseconds: .min)

  private static let placeCount = 1024
  /// Flows that are known at a time; when there are more, all are learnt anew.
  private static let capacity = 512
  /// Blocks that a transfer must have got from the tracker first.
  static let blocksBefore = 8

  /// Takes a packet in if it is a usual one.
  @inline(__always)
  mutating func take(
    _ bytes: UnsafeRawBufferPointer, at time: Timestamp, number: Int, interface: Int?
  ) -> Bool {
    guard let header = DatagramHeader(bytes), header.payload + 4 <= bytes.count else {
      return false
    }
    let place = Int(places[header.hash & (Self.placeCount - 1)])
    guard place >= 0, flows[place].key.matches(bytes, header, interface), time < nextSweep else {
      return false
    }
    let opcode = bytes.loadBigEndian16(header.payload)
    let block = bytes.loadBigEndian16(header.payload + 2)
    let index = flows[place].transfer
    if flows[place].isData {
      guard opcode == 3, header.payloadLength == transfers[index].blockSize + 4,
        block == transfers[index].number(after: 1), transfers[index].blocksLeft > 1
      else { return false }
      transfers[index].lastBlock += 1
      transfers[index].blocks += 1
      transfers[index].blocksLeft -= 1
      transfers[index].lastProgress = PacketReference(frame: number, time: time)
    } else {
      guard opcode == 4, header.payloadLength == 4 else { return false }
      let distance = Int(Int16(bitPattern: block &- transfers[index].number(after: 0)))
      let acknowledged = transfers[index].lastBlock + distance
      guard acknowledged > transfers[index].acknowledged else { return false }
      transfers[index].acknowledged = acknowledged
      transfers[index].acknowledgments += 1
    }
    flows[place].frames += 1
    flows[place].last = PacketReference(frame: number, time: time)
    recent.add(bytes, at: time, interface: interface)
    isDirty = true
    taken += 1
    return true
  }

  /// Tells the tracker what was taken in since it was last told.
  mutating func settle(into tracker: inout WireTracker) {
    guard isDirty else { return }
    isDirty = false
    for index in transfers.indices { transfers[index].settle(into: &tracker) }
    for index in flows.indices.sorted(by: { flows[$0].last.frame < flows[$1].last.frame })
    where flows[index].frames > 0 {
      let key = flows[index].key
      tracker.count(
        flows[index].frames, from: key.source, to: key.destination, vlan: key.vlan,
        at: flows[index].last.time)
      flows[index].frames = 0
    }
    recent.settle(into: &tracker)
  }

  /// Learns from a packet that the tracker has taken in which transfer it belongs to, if that runs.
  mutating func learn(
    _ bytes: UnsafeRawBufferPointer, interface: Int?, from tracker: inout WireTracker
  ) {
    if tracker.nextSweep != nextSweep {
      // Time may have ended any of the transfers.
      nextSweep = tracker.nextSweep
      forget()
    }
    guard let header = DatagramHeader(bytes) else { return }
    let key = DatagramKey(bytes, header, interface)
    if key.destinationPort == 69 { return forget() }
    let outgoing = WireTracker.TransferID(client: .v4(key.sender), port: key.sourcePort)
    let incoming = WireTracker.TransferID(client: .v4(key.receiver), port: key.destinationPort)
    let isFromClient = tracker.transferIndex[outgoing] != nil
    guard let place = tracker.transferIndex[isFromClient ? outgoing : incoming] else { return }
    let known = transfers.firstIndex { $0.mac == place.mac && $0.index == place.index }
    guard
      let transfer = tracker.transfer(
        at: place,
        with: isFromClient
          ? (.v4(key.receiver), key.destinationPort) : (.v4(key.sender), key.sourcePort)),
      tracker.knows(key.source), tracker.knows(key.destination), !key.source.isUnspecified,
      !key.destination.isUnspecified
    else {
      // Whatever it is now, it is not what is known here.
      if known != nil { forget() }
      return
    }
    if flows.count >= Self.capacity { forget() }
    let index: Int
    if let known, known < transfers.count {
      transfers[known] = transfer
      index = known
    } else {
      transfers.append(transfer)
      index = transfers.count - 1
    }
    let slot = header.hash & (Self.placeCount - 1)
    let flow = Flow(key: key, transfer: index, isData: !isFromClient)
    if places[slot] >= 0, flows[Int(places[slot])].key == key {
      flows[Int(places[slot])] = flow
    } else {
      flows.append(flow)
      places[slot] = Int16(flows.count - 1)
    }
  }

  /// Forgets all transfers: they are learnt anew from the tracker.
  mutating func forget() {
    guard !flows.isEmpty else { return }
    flows.removeAll(keepingCapacity: true)
    transfers.removeAll(keepingCapacity: true)
    for index in places.indices { places[index] = -1 }
  }
}

extension TransferFastPath.Transfer {
  /// A transfer as the tracker has it; `nil` for one whose packets are not the usual ones.
  fileprivate init?(
    _ transfer: TFTPTransfer, mac: MACAddress, index: Int, tellsEvents: Bool
  ) {
    guard transfer.state == .running, !transfer.isWrite, !transfer.lastBlockWasShort,
      transfer.blocks >= TransferFastPath.blocksBefore, transfer.badChecksums == 0,
      transfer.fragmentedBlocks == 0, transfer.blockSize > 0
    else { return nil }
    self.mac = mac
    self.index = index
    lastBlock = transfer.lastBlock
    rolloverShift = transfer.rolloverShift
    blockSize = transfer.blockSize
    acknowledged = transfer.acknowledgedBlocks
    if tellsEvents, let size = transfer.size, size > 0, transfer.reportedPercent < 100 {
      // No file is as large; a server may say what it likes.
      guard size < 1 << 56 else { return nil }
      // The least count of bytes that makes a larger whole percentage.
      let bytes = ((transfer.reportedPercent + 1) * size + 99) / 100
      blocksLeft = max(0, (bytes - transfer.bytes + blockSize - 1) / blockSize)
    } else {
      blocksLeft = .max
    }
  }

  /// A block's number in packets, some blocks after the last.
  @inline(__always)
  fileprivate func number(after distance: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: lastBlock - rolloverShift + distance)
  }

  fileprivate mutating func settle(into tracker: inout WireTracker) {
    guard blocks > 0 || acknowledgments > 0 else { return }
    let known = self
    tracker.clients[mac]?.transfers[index].take(
      blocks: known.blocks, of: known.blockSize, acknowledgments: known.acknowledgments,
      of: known.acknowledged, in: known.lastProgress)
    blocks = 0
    acknowledgments = 0
  }
}

extension TFTPTransfer {
  /// Takes so many whole blocks in, each the next, and acknowledgments of later blocks each time.
  fileprivate mutating func take(
    blocks count: Int, of size: Int, acknowledgments: Int, of acknowledged: Int,
    in packet: PacketReference
  ) {
    if count > 0 {
      lastBlock += count
      blocks += count
      bytes += count * size
      lastProgress = packet.time
      lastPacket = packet
      noteProgress()
    }
    self.acknowledgments += acknowledgments
    acknowledgedBlocks = acknowledged
  }
}

/// The last frames that the fast path took in, as far as telling them apart needs them: a second
/// sighting may follow.
private struct RecentFrames: Sendable {
  private struct Entry: Sendable {
    var count = 0
    var time = Timestamp(nanoseconds: 0)
    var interface: Int?
  }

  private static let capacity = 16
  private static let length = 128
  private var memory = [UInt8](repeating: 0, count: capacity * length)
  private var entries = [Entry](repeating: Entry(), count: capacity)
  private var next = 0
  private var count = 0

  @inline(__always)
  mutating func add(_ bytes: UnsafeRawBufferPointer, at time: Timestamp, interface: Int?) {
    let length = min(bytes.count, Self.length)
    let start = next * Self.length
    memory.withUnsafeMutableBytes { memory in
      UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + length])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
    }
    entries[next] = Entry(count: length, time: time, interface: interface)
    next = (next + 1) % Self.capacity
    count = min(count + 1, Self.capacity)
  }

  mutating func settle(into tracker: inout WireTracker) {
    for age in (0..<count).reversed() {
      let index = (next + Self.capacity - 1 - age) % Self.capacity
      let start = index * Self.length
      memory[start..<start + entries[index].count].withUnsafeBytes { bytes in
        tracker.shared.echo.note(
          bytes, at: entries[index].time, interface: entries[index].interface)
      }
    }
    count = 0
  }
}

extension WireTracker {
  /// Whether an address is followed.
  fileprivate func knows(_ mac: MACAddress) -> Bool { clients.index(forKey: mac) != nil }

  /// A transfer for the fast path; `nil` where its packets are not the usual ones, or another server's.
  fileprivate mutating func transfer(
    at place: (mac: MACAddress, index: Int), with server: (address: IPAddress, port: UInt16)
  ) -> TransferFastPath.Transfer? {
    let tellsEvents = tellsEvents
    // Only to look, but where it is.
    let found = change(place.mac) { trace -> TransferFastPath.Transfer? in
      guard !trace.stalled.contains(place.index),
        trace.transfers[place.index].server == server.address,
        trace.transfers[place.index].serverPort == server.port
      else { return nil }
      return TransferFastPath.Transfer(
        trace.transfers[place.index], mac: place.mac, index: place.index, tellsEvents: tellsEvents)
    }
    return found ?? nil
  }

  /// Counts frames that need no look of their own, of addresses that are followed.
  fileprivate mutating func count(
    _ frames: Int, from source: MACAddress, to destination: MACAddress, vlan: VLANID?,
    at time: Timestamp
  ) {
    clients[destination]?.framesReceived += frames
    clients[source]?.framesByVLAN[Int(vlan?.rawValue ?? 0), default: 0] += frames
    clients[source]?.lastSeen = time
  }
}
