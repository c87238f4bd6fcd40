import Addresses
import PXEWire

/// Recognises a frame that the capture shows a second time: where a bridge and one of its ports are
/// both listened to, with another tag or on another interface; where a node's uplink and a machine's
/// port are, in a tunnel and without.
struct FrameEcho: Sendable {
  private struct Sighting {
    let source: MACAddress
    let destination: MACAddress
    let digest: Int
    let vlan: VLANID?
    let interface: Int?
    let network: Int
    let tunnels: Int
    let hopLimit: UInt8
    let hasIdentification: Bool
    var isARP = false
    let time: Timestamp
    /// How many frames were kept before it.
    var number = 0

    /// Whether another sighting is of the same packet. At the same place only what comes at once
    /// and has an identification is: a retransmission has a new one.
    func isEcho(of other: Sighting) -> Bool {
      guard digest == other.digest else { return false }
      // ARP of two networks may be the same to the last byte.
      guard !isARP || network == other.network else { return false }
      let seconds = abs(time.seconds(since: other.time))
      let isElsewhere =
        vlan != other.vlan || tunnels != other.tunnels || hopLimit != other.hopLimit
        || source != other.source
        || destination != other.destination
        || (interface != nil && other.interface != nil && interface != other.interface)
      return isElsewhere ? seconds <= 0.05 : hasIdentification && seconds <= 0.001
    }
  }

  /// Where a frame was seen before.
  struct Earlier {
    /// Its VLAN; `nil` for untagged.
    let vlan: VLANID?
    /// Its network, as ``WireTracker/network``.
    let network: Int
  }

  private var recent: [Sighting] = []
  /// Their digests, by which nearly all are passed over.
  private var digests: [Int] = []
  private var next = 0
  /// A frame and what comes between its sightings, where several captures were put together by their
  /// times.
  private let capacity = 64
  /// The same within one capture.
  private static let reach = 16
  /// How many frames were kept.
  private var kept = 0

  /// The frame's earlier sighting, if it was seen just before.
  mutating func earlierSighting(
    of frame: Frame, at time: Timestamp, interface: Int? = nil, network: Int = 0,
    tunnels: Int = 0
  ) -> Earlier? {
    guard let (digest, hopLimit, hasIdentification) = Self.digest(of: frame) else { return nil }
    let sighting = Sighting(
      source: frame.source, destination: frame.destination, digest: digest, vlan: frame.vlan,
      interface: interface, network: network, tunnels: tunnels, hopLimit: hopLimit,
      hasIdentification: hasIdentification, isARP: frame.isARP, time: time)
    var earlier: Sighting?
    for index in digests.indices where digests[index] == digest {
      let other = recent[index]
      let isOfOtherCapture =
        interface != nil && other.interface != nil && interface != other.interface
      guard isOfOtherCapture || kept - other.number <= Self.reach, sighting.isEcho(of: other) else {
        continue
      }
      earlier = other
      break
    }
    keep(sighting)
    return earlier.map { Earlier(vlan: $0.vlan, network: $0.network) }
  }

  /// Notes a frame that is known to be new, if it is one that ``DatagramHeader`` reads.
  ///
  /// - Parameter bytes: at least the first 64 bytes of its IPv4 payload, or all.
  mutating func note(_ bytes: UnsafeRawBufferPointer, at time: Timestamp, interface: Int?) {
    guard let header = DatagramHeader(bytes) else { return }
    let key = DatagramKey(bytes, header, interface)
    let isDHCP = Self.isDHCP(key.destinationPort)
    let identification = bytes.loadBigEndian16(header.packet + 4)
    let totalLength = Int(bytes.loadBigEndian16(header.packet + 2))
    var hasher = Hasher()
    hasher.combine(identification)
    hasher.combine(key.sender)
    hasher.combine(key.receiver)
    hasher.combine(totalLength)
    hasher.combine(0)
    let end = min(bytes.count, header.packet + totalLength)
    Self.combine(
      UnsafeRawBufferPointer(rebasing: bytes[header.packet + 20..<end]), isDHCP: isDHCP,
      checksum: Self.udpChecksum, into: &hasher)
    keep(
      Sighting(
        source: key.source, destination: key.destination, digest: hasher.finalize(), vlan: key.vlan,
        interface: interface, network: 0, tunnels: 0, hopLimit: bytes[header.packet + 8],
        hasIdentification: identification != 0 || isDHCP, time: time))
  }

  private mutating func keep(_ sighting: Sighting) {
    var sighting = sighting
    sighting.number = kept
    kept += 1
    if recent.count < capacity {
      recent.append(sighting)
      digests.append(sighting.digest)
    } else {
      recent[next] = sighting
      digests[next] = sighting.digest
      next = (next + 1) % capacity
    }
  }

  /// What two sightings of one frame share: all but tags, MAC addresses, hop limit and the
  /// transport checksum, which a network card may fill in between the two.
  private static func digest(of frame: Frame) -> (
    digest: Int, hopLimit: UInt8, hasIdentification: Bool
  )? {
    var hasher = Hasher()
    let body: ArraySlice<UInt8>
    var identification: UInt32 = 0
    let hopLimit: UInt8
    switch frame.payload {
    case .ipv4(let packet):
      identification = UInt32(packet.identification)
      hasher.combine(packet.identification)
      hasher.combine(packet.source)
      hasher.combine(packet.destination)
      hasher.combine(packet.totalLength)
      hasher.combine(packet.fragmentOffset)
      hopLimit = packet.timeToLive
      body = packet.body
    case .ipv6(let packet):
      identification = packet.fragment?.identification ?? 0
      hasher.combine(packet.source)
      hasher.combine(packet.destination)
      hasher.combine(packet.bodyLength)
      hasher.combine(packet.fragment?.offset)
      hopLimit = packet.hopLimit
      body = packet.body
    case .arp(let packet):
      // Where it is asked again at once it has nothing to tell it by.
      hasher.combine(packet)
      return (hasher.finalize(), 0, false)
    case .spanningTree, .encapsulation, .other, .malformed:
      return nil
    }
    let isDHCP = frame.datagram.map { Self.isDHCP($0.destinationPort) } ?? false
    let checksum: Range<Int>? =
      switch frame.transport {
      case .udp: Self.udpChecksum
      case .tcp: 16..<18
      default: nil
      }
    body.withUnsafeBytes {
      Self.combine($0, isDHCP: isDHCP, checksum: checksum, into: &hasher)
    }
    return (hasher.finalize(), hopLimit, identification != 0 || isDHCP)
  }

  /// Where the checksum is in a UDP header.
  private static let udpChecksum = 6..<8

  /// DHCP clients and servers wait for seconds before they repeat themselves.
  private static func isDHCP(_ port: UInt16) -> Bool {
    switch port {
    case 67, 68, 546, 547, 4011: true
    default: false
    }
  }

  /// Takes a part of a packet's payload in, without its checksum: of DHCP as much as tells an OFFER
  /// from its ACK, which differ only in their options, else 64 bytes. They tell the blocks of a transfer
  /// apart, whose packets may all have the identification 0.
  private static func combine(
    _ body: UnsafeRawBufferPointer, isDHCP: Bool, checksum: Range<Int>?, into hasher: inout Hasher
  ) {
    let bytes = UnsafeRawBufferPointer(rebasing: body.prefix(isDHCP ? 1024 : 64))
    guard let checksum, bytes.count >= checksum.upperBound else {
      hasher.combine(bytes: bytes)
      return
    }
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<checksum.lowerBound]))
    hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[checksum.upperBound...]))
  }
}

extension Frame {
  fileprivate var isARP: Bool { if case .arp = payload { true } else { false } }
}
