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
    let time: Timestamp

    /// Whether another sighting is of the same packet. At the same place only what comes at once
    /// and has an identification is: a retransmission has a new one.
    func isEcho(of other: Sighting) -> Bool {
      guard digest == other.digest else { return false }
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
  private var next = 0
  private let capacity = 16

  /// The frame's earlier sighting, if it was seen just before.
  mutating func earlierSighting(
    of frame: Frame, at time: Timestamp, interface: Int? = nil, network: Int = 0,
    tunnels: Int = 0
  ) -> Earlier? {
    guard let (digest, hopLimit, hasIdentification) = Self.digest(of: frame) else { return nil }
    let sighting = Sighting(
      source: frame.source, destination: frame.destination, digest: digest, vlan: frame.vlan,
      interface: interface, network: network, tunnels: tunnels, hopLimit: hopLimit,
      hasIdentification: hasIdentification, time: time)
    let earlier = recent.first { sighting.isEcho(of: $0) }
    if recent.count < capacity {
      recent.append(sighting)
    } else {
      recent[next] = sighting
      next = (next + 1) % capacity
    }
    return earlier.map { Earlier(vlan: $0.vlan, network: $0.network) }
  }

  /// What two sightings of one frame share: all but tags, MAC addresses, hop limit and the
  /// transport checksum, which a network card may fill in between the two. 64 bytes of the payload tell the blocks of a transfer
  /// apart, whose packets may all have the identification 0.
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
    case .arp, .spanningTree, .encapsulation, .other, .malformed:
      return nil
    }
    // DHCP clients and servers wait for seconds before they repeat themselves.
    let isDHCP =
      frame.datagram.map { [67, 68, 546, 547, 4011].contains($0.destinationPort) } ?? false
    let checksum: Range<Int>? =
      switch frame.transport {
      case .udp: 6..<8
      case .tcp: 16..<18
      default: nil
      }
    // An OFFER and its ACK differ only in their options.
    body.prefix(isDHCP ? 1024 : 64).withUnsafeBytes { bytes in
      guard let checksum, bytes.count >= checksum.upperBound else {
        hasher.combine(bytes: bytes)
        return
      }
      hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<checksum.lowerBound]))
      hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[checksum.upperBound...]))
    }
    return (hasher.finalize(), hopLimit, identification != 0 || isDHCP)
  }
}
