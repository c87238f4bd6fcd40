import Addresses

/// Puts the fragments of IPv4 and IPv6 datagrams together again (RFC 791, RFC 8200 section 4.5),
/// within a bound of memory.
package struct FragmentReassembler: Sendable {
  /// What identifies the datagram that a fragment belongs to.
  package struct Key: Hashable, Sendable {
    /// The sender.
    package let source: IPAddress
    /// The receiver.
    package let destination: IPAddress
    /// The identification field.
    package let identification: UInt32
    /// The protocol number; 0 for IPv6, where later fragments need not state it.
    package let protocolNumber: UInt8
    /// The VLAN, so that one frame heard on two does not overlap with itself.
    package let vlan: VLANID?
  }

  /// One fragment.
  package struct Fragment: Sendable {
    /// The datagram it belongs to.
    package let key: Key
    /// Where it belongs, in bytes.
    package let offset: Int
    /// Whether more follow.
    package let moreFragments: Bool
    /// Its captured bytes.
    package let body: ArraySlice<UInt8>
    /// Its length in bytes as the header states it.
    package let length: Int
    /// The protocol number.
    package let protocolNumber: UInt8

    /// The fragment that a packet is; `nil` for a whole packet.
    package init?(_ packet: IPv4Packet, vlan: VLANID?) {
      guard packet.isFragment else { return nil }
      key = Key(
        source: .v4(packet.source), destination: .v4(packet.destination),
        identification: UInt32(packet.identification), protocolNumber: packet.protocolNumber,
        vlan: vlan)
      offset = packet.fragmentOffset
      moreFragments = packet.moreFragments
      body = packet.body
      length = packet.bodyLength
      protocolNumber = packet.protocolNumber
    }

    /// The fragment that a packet is; `nil` for a whole packet.
    package init?(_ packet: IPv6Packet, vlan: VLANID?) {
      guard packet.isFragment, let fragment = packet.fragment else { return nil }
      key = Key(
        source: .v6(packet.source), destination: .v6(packet.destination),
        identification: fragment.identification, protocolNumber: 0, vlan: vlan)
      offset = fragment.offset
      moreFragments = fragment.moreFragments
      body = packet.body
      length = packet.bodyLength
      protocolNumber = packet.protocolNumber
    }
  }

  /// What a fragment brought about.
  package enum Outcome: Sendable {
    /// More fragments are awaited.
    case pending
    /// The datagram is whole: its transport layer.
    case whole(TransportPayload, fragments: Int)
    /// The datagram was given up: fragments overlap.
    case overlapping(GivenUp)
  }

  /// A datagram that was not completed.
  package struct GivenUp: Hashable, Sendable {
    /// Which.
    package let key: Key
    /// Its protocol number.
    package let protocolNumber: UInt8
    /// Bytes of it that were seen.
    package let bytes: Int
    /// When its first fragment was seen.
    package let started: Timestamp
    /// The number of that fragment's frame.
    package let frame: Int
    /// Why.
    package let reason: Reason

    /// Why a datagram was given up.
    package enum Reason: String, Hashable, Sendable {
      /// Fragments were missing for too long.
      case timeout
      /// Fragments overlap (RFC 5722).
      case overlap
      /// Too many datagrams were incomplete at once, or it is too large.
      case overflow
    }
  }

  private struct Datagram {
    let started: Timestamp
    let frame: Int
    var protocolNumber: UInt8
    var parts: [(offset: Int, length: Int, bytes: [UInt8])] = []
    var total: Int?
    var seen = 0
    var isCut = false
    var isRefused = false
  }

  private var datagrams: [Key: Datagram] = [:]
  private var order: [Key] = []
  private var head = 0
  private var givenUp: [GivenUp] = []
  private let capacity: Int
  private let timeLimit: Double

  /// A reassembler.
  ///
  /// - Parameters:
  ///   - capacity: how many datagrams may be incomplete at once; the oldest gives way.
  ///   - timeLimit: seconds after which an incomplete datagram is given up. Hosts wait for 15 to 60, but on
  ///     a LAN all fragments come within milliseconds.
  package init(capacity: Int = 64, timeLimit: Double = 3) {
    self.capacity = capacity
    self.timeLimit = timeLimit
  }

  /// Takes a fragment in.
  package mutating func take(
    _ fragment: Fragment, at time: Timestamp, frame: Int
  ) -> Outcome {
    expire(at: time)
    if datagrams[fragment.key] == nil {
      if datagrams.count >= capacity { dropOldest(.overflow) }
      datagrams[fragment.key] = Datagram(
        started: time, frame: frame, protocolNumber: fragment.protocolNumber)
      order.append(fragment.key)
    }
    guard var datagram = datagrams.removeValue(forKey: fragment.key) else { return .pending }
    if datagram.isRefused {
      datagrams[fragment.key] = datagram
      return .pending
    }
    let end = fragment.offset + fragment.length
    let isDuplicate = datagram.parts.contains {
      $0.offset == fragment.offset && $0.length == fragment.length
    }
    let overlaps = datagram.parts.contains {
      fragment.offset < $0.offset + $0.length && $0.offset < end
    }
    // A second copy of a fragment is harmless: the frame was heard twice or sent again.
    if isDuplicate {
      datagrams[fragment.key] = datagram
      return .pending
    }
    let isTooLong = end > 65535 || fragment.length < 0 || datagram.parts.count >= 128
    let contradicts = datagram.total.map { end > $0 || !fragment.moreFragments } ?? false
    if overlaps || contradicts || isTooLong {
      datagram.isRefused = true
      datagram.parts = []
      datagrams[fragment.key] = datagram
      return .overlapping(
        GivenUp(
          key: fragment.key, protocolNumber: datagram.protocolNumber, bytes: datagram.seen,
          started: datagram.started, frame: datagram.frame,
          reason: isTooLong ? .overflow : .overlap))
    }
    datagram.parts.append((fragment.offset, fragment.length, [UInt8](fragment.body)))
    datagram.seen += fragment.length
    if fragment.offset == 0 { datagram.protocolNumber = fragment.protocolNumber }
    if fragment.body.count < fragment.length { datagram.isCut = true }
    if !fragment.moreFragments { datagram.total = end }
    guard let total = datagram.total, datagram.seen == total else {
      datagrams[fragment.key] = datagram
      return .pending
    }
    return .whole(Self.whole(datagram, total, fragment.key), fragments: datagram.parts.count)
  }

  private static func whole(_ datagram: Datagram, _ total: Int, _ key: Key) -> TransportPayload {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(total)
    for part in datagram.parts.sorted(by: { $0.offset < $1.offset }) {
      // What the capture cut ends what can be read.
      guard bytes.count == part.offset else { break }
      bytes += part.bytes
    }
    return TransportPayload(
      protocolNumber: datagram.protocolNumber, bytes: bytes[...], length: total,
      isWhole: !datagram.isCut, from: key.source, to: key.destination)
  }

  /// Gives up what waited too long and returns it, with what had to give way before.
  package mutating func expired(at time: Timestamp) -> [GivenUp] {
    expire(at: time)
    defer { givenUp = [] }
    return givenUp
  }

  private mutating func expire(at time: Timestamp) {
    while head < order.count {
      if let datagram = datagrams[order[head]] {
        guard time.seconds(since: datagram.started) >= timeLimit else { break }
        dropOldest(.timeout)
      } else {
        head += 1
      }
    }
    // Keys of datagrams that were completed stay in the order until there are many.
    if order.count > 1024 {
      order = datagrams.sorted { $0.value.started < $1.value.started }.map(\.key)
      head = 0
    }
  }

  private mutating func dropOldest(_ reason: GivenUp.Reason) {
    while head < order.count {
      let key = order[head]
      head += 1
      guard let datagram = datagrams.removeValue(forKey: key) else { continue }
      guard !datagram.isRefused, givenUp.count < 256 else { return }
      givenUp.append(
        GivenUp(
          key: key, protocolNumber: datagram.protocolNumber, bytes: datagram.seen,
          started: datagram.started, frame: datagram.frame, reason: reason))
      return
    }
  }
}
