import Addresses
import PXEWire

/// The TCP connections that are followed: at most 4096, of which the oldest gives way.
struct ConnectionTable: Sendable {
  /// A connection by its client's and its server's end.
  struct Key: Hashable, Sendable {
    let client: IPAddress
    let clientPort: UInt16
    let server: IPAddress
    let port: UInt16
  }

  private var connections: [Key: Connection] = [:]
  private var order: [Key] = []
  private var next = 0
  private let capacity = 4096

  subscript(key: Key) -> Connection? { connections[key] }

  /// All connections that are followed.
  var all: [Key: Connection] { connections }

  func contains(_ key: Key) -> Bool { connections[key] != nil }

  /// Puts a connection in the place of an older one with the same ends, or of the oldest of all.
  mutating func insert(_ connection: Connection, _ key: Key) {
    if connections.updateValue(connection, forKey: key) != nil { return }
    if order.count < capacity {
      order.append(key)
    } else {
      connections[order[next]] = nil
      order[next] = key
      next = (next + 1) % capacity
    }
  }

  mutating func change<Result>(_ key: Key, _ body: (inout Connection) -> Result) -> Result? {
    guard connections[key] != nil else { return nil }
    return body(&connections[key, default: Connection()])
  }
}

/// What is known of a TCP connection besides its transfers.
struct Connection: Sendable {
  /// The client's MAC address.
  var mac = MACAddress.unspecified
  /// Where its present transfer stands in the client's trace; `nil` before it has one.
  var transfer: Int?
  /// Where the iSCSI session that it carries stands in the client's trace; `nil` for any other.
  var session: Int?
  /// SYNs of the client.
  var attempts = 0
  /// Their sequence number.
  var firstSequence: UInt32?
  /// The sequence number after the client's last segment of a request.
  var nextRequest: UInt32?
  /// Whether the server answered the SYN.
  var isOpen = false
  /// Whether it speaks neither HTTP nor TLS.
  var isForeign = false
  /// Whether it speaks TLS.
  var isTLS = false
  /// The first SYN or the first segment seen.
  var packet = PacketReference(frame: 0, time: Timestamp(nanoseconds: 0))
  /// What the server sent.
  var fromServer = ByteStream()
  /// Up to which offset the client has it all.
  var acknowledged = 0
  /// The start of the head that is being put together, and whose it is.
  var head: [UInt8] = []
  var headIsRequest = false
  /// Where in the server's stream the body of the present response begins and ends.
  var bodyStart: Int?
  var bodyEnd: Int?
  /// The first bytes of the body, until they have said what it is; `nil` then, and where none can.
  var bodyHead: [UInt8]?
  /// Whether the response has no body: it answers HEAD, or its status forbids one.
  var hasNoBody = false
}

/// Counts which bytes of one direction of a connection were seen, by their sequence numbers.
struct ByteStream: Sendable {
  /// The sequence number at offset 0; `nil` before the first segment.
  private(set) var start: UInt32?
  /// The offset after the last byte seen.
  private(set) var end = 0
  /// What is missing before it, in order, at most 64 ranges.
  private(set) var gaps: [Range<Int>] = []

  /// What a segment adds.
  struct Addition: Sendable {
    /// The offset of its first byte.
    let offset: Int
    /// How many of its bytes are new.
    let new: Int
    /// Whether it follows what was seen before.
    let isNext: Bool
  }

  /// Begins at a sequence number.
  mutating func begin(at sequence: UInt32) {
    start = sequence
    end = 0
    gaps = []
  }

  /// The offset of a sequence number, which is the nearest to the end.
  func offset(of sequence: UInt32) -> Int {
    guard let start else { return 0 }
    let expected = start &+ UInt32(truncatingIfNeeded: end)
    return end + Int(Int32(bitPattern: sequence &- expected))
  }

  /// Takes a segment's place in.
  mutating func take(_ sequence: UInt32, length: Int) -> Addition {
    if start == nil { begin(at: sequence) }
    let offset = offset(of: sequence)
    let last = offset + length
    guard length > 0 else { return Addition(offset: offset, new: 0, isNext: offset == end) }
    if offset >= end {
      let isNext = offset == end
      if !isNext, gaps.count < 64 { gaps.append(end..<offset) }
      end = last
      return Addition(offset: offset, new: length, isNext: isNext)
    }
    var new = 0
    var left: [Range<Int>] = []
    for gap in gaps {
      let filled = gap.clamped(to: offset..<last)
      new += filled.count
      if filled.isEmpty {
        left.append(gap)
      } else {
        if gap.lowerBound < filled.lowerBound { left.append(gap.lowerBound..<filled.lowerBound) }
        if filled.upperBound < gap.upperBound { left.append(filled.upperBound..<gap.upperBound) }
      }
    }
    gaps = Array(left.prefix(64))
    if last > end {
      new += last - end
      end = last
    }
    return Addition(offset: offset, new: new, isNext: false)
  }

  /// How many bytes of a range were not seen although later ones were.
  func missing(in range: Range<Int>) -> Int {
    gaps.reduce(0) { $0 + $1.clamped(to: range).count }
  }
}
