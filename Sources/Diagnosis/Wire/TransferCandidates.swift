import Addresses
import PXEWire

/// Conversations over UDP that look like TFTP transfers whose requests are not in the capture. The
/// ports of a running transfer say nothing (RFC 1350 section 4): only packets that answer each other
/// do. At most 256 at a time, of which the oldest gives way.
struct TransferCandidates: Sendable {
  /// A conversation, from the first of its packets that was seen.
  struct Conversation: Sendable {
    let client: IPAddress
    let clientPort: UInt16
    let server: IPAddress
    let serverPort: UInt16
    /// The client's MAC address; the frame's receiver until a frame of its own was seen.
    var mac: MACAddress
    /// The first packet, and the last.
    let first: PacketReference
    var last: PacketReference
    /// Bytes in a block; `nil` before one was seen.
    var blockSize: Int?
    /// The number of the last block, and of the last that was acknowledged.
    var lastBlock: UInt16?
    var lastAcknowledged: UInt16?
    var blocks = 0
    var acknowledgments = 0
    /// What the server accepted, where that is in the capture.
    var options: TFTPOptions?
    /// How many packets were what a transfer would have next.
    fileprivate var fitting = 0
  }

  private struct Key: Hashable {
    let client: IPAddress
    let clientPort: UInt16
    let server: IPAddress
    let serverPort: UInt16
  }

  /// Packets that fit, from which on it is no accident.
  private static let enough = 4
  private static let capacity = 256
  private var conversations: [Key: Conversation] = [:]
  private var order: [Key] = []
  private var next = 0

  /// Takes a datagram in that belongs to no transfer that is known. Returns the conversation when it
  /// has become plain that it is a transfer.
  mutating func take(_ datagram: UDPDatagram, _ context: WireTracker.Context) -> Conversation? {
    guard Self.mayBelong(datagram), let message = try? TFTPMessage(decoding: datagram) else {
      return nil
    }
    let isFromClient: Bool
    switch message {
    case .data, .optionAcknowledgment: isFromClient = false
    case .acknowledgment where datagram.payloadLength == 4: isFromClient = true
    default: return nil
    }
    let key = Key(
      client: isFromClient ? context.source : context.destination,
      clientPort: isFromClient ? datagram.sourcePort : datagram.destinationPort,
      server: isFromClient ? context.destination : context.source,
      serverPort: isFromClient ? datagram.destinationPort : datagram.sourcePort)
    let mac = isFromClient ? context.frame.source : context.frame.destination
    guard !mac.isMulticast, !mac.isUnspecified else { return nil }
    var conversation =
      conversations[key]
      ?? Conversation(
        client: key.client, clientPort: key.clientPort, server: key.server,
        serverPort: key.serverPort, mac: mac, first: context.packet, last: context.packet)
    if isFromClient { conversation.mac = mac }
    guard conversation.take(message, in: context.packet) else {
      conversations[key] = nil
      return nil
    }
    if conversation.fitting >= Self.enough {
      conversations[key] = nil
      return conversation
    }
    keep(conversation, key)
    return nil
  }

  /// A cheap look: DATA, ACK or OACK between two ports that no other protocol has.
  private static func mayBelong(_ datagram: UDPDatagram) -> Bool {
    guard datagram.payload.count >= 4, datagram.payload[datagram.payload.startIndex] == 0,
      [3, 4, 6].contains(datagram.payload[datagram.payload.startIndex + 1])
    else { return false }
    return datagram.destinationPort >= 1024
      && (datagram.sourcePort >= 1024 || datagram.sourcePort == 69)
  }

  private mutating func keep(_ conversation: Conversation, _ key: Key) {
    if conversations.updateValue(conversation, forKey: key) != nil { return }
    if order.count < Self.capacity {
      order.append(key)
    } else {
      if order[next] != key { conversations[order[next]] = nil }
      order[next] = key
      next = (next + 1) % Self.capacity
    }
  }
}

extension TransferCandidates.Conversation {
  /// Takes a packet in. Returns whether this may still be a transfer that goes on.
  fileprivate mutating func take(_ message: TFTPMessage, in packet: PacketReference) -> Bool {
    switch message {
    case .data(let block, let count):
      // Of a conversation of which only the last, shorter block is seen nothing can be told.
      if let blockSize, count != blockSize { return false }
      guard (8...65464).contains(count) else { return false }
      if block == lastBlock { return true }
      if let lastBlock { guard block == lastBlock &+ 1 else { return false } }
      if lastBlock != nil || lastAcknowledged.map({ block == $0 &+ 1 }) == true { fitting += 1 }
      blockSize = count
      lastBlock = block
      blocks += 1
    case .acknowledgment(let block):
      if block == lastAcknowledged { return true }
      // With a window, an acknowledgment may be of an earlier block than the last.
      let isOfBlock = lastBlock.map { $0 &- block < 64 }
      let isNext = lastAcknowledged.map { block &- $0 < 64 }
      guard isOfBlock != false, isNext != false else { return false }
      if isOfBlock == true || isNext == true { fitting += 1 }
      lastAcknowledged = block
      acknowledgments += 1
    case .optionAcknowledgment(let accepted):
      options = accepted
    case .readRequest, .writeRequest, .error:
      return false
    }
    last = packet
    return true
  }
}
