import Addresses
import PXEWire

/// Recognises a frame that the capture shows a second time: where a bridge and one of its ports are
/// both listened to, with another tag or on another interface.
struct FrameEcho: Sendable {
  private struct Sighting {
    let source: MACAddress
    let destination: MACAddress
    let digest: Int
    let vlan: VLANID?
    let interface: Int?
    let hasIdentification: Bool
    let time: Timestamp

    /// Whether another sighting is of the same frame. On the same interface and VLAN only what
    /// comes at once and has an identification is: a retransmission has a new one.
    func isEcho(of other: Sighting) -> Bool {
      guard digest == other.digest, source == other.source, destination == other.destination
      else { return false }
      let seconds = abs(time.seconds(since: other.time))
      if vlan != other.vlan { return seconds <= 0.05 }
      if let interface, let earlier = other.interface, interface != earlier {
        return seconds <= 0.05
      }
      return hasIdentification && seconds <= 0.001
    }
  }

  private var recent: [Sighting] = []
  private var next = 0
  private let capacity = 16

  /// The VLAN of the frame's earlier sighting, if it was seen just before.
  mutating func earlierVLAN(
    of frame: Frame, at time: Timestamp, interface: Int? = nil
  ) -> VLANID?? {
    guard let (digest, hasIdentification) = Self.digest(of: frame) else { return nil }
    let sighting = Sighting(
      source: frame.source, destination: frame.destination, digest: digest, vlan: frame.vlan,
      interface: interface, hasIdentification: hasIdentification, time: time)
    let earlier = recent.first { sighting.isEcho(of: $0) }
    if recent.count < capacity {
      recent.append(sighting)
    } else {
      recent[next] = sighting
      next = (next + 1) % capacity
    }
    guard let earlier else { return nil }
    return .some(earlier.vlan)
  }

  /// What two sightings of one frame share: all but the tags and the transport checksum, which a
  /// network card may fill in between the two. 64 bytes of the payload tell the blocks of a transfer
  /// apart, whose packets may all have the identification 0.
  private static func digest(of frame: Frame) -> (digest: Int, hasIdentification: Bool)? {
    var hasher = Hasher()
    let body: ArraySlice<UInt8>
    var identification: UInt32 = 0
    switch frame.payload {
    case .ipv4(let packet):
      identification = UInt32(packet.identification)
      hasher.combine(packet.identification)
      hasher.combine(packet.source)
      hasher.combine(packet.destination)
      hasher.combine(packet.totalLength)
      hasher.combine(packet.fragmentOffset)
      hasher.combine(packet.timeToLive)
      body = packet.body
    case .ipv6(let packet):
      identification = packet.fragment?.identification ?? 0
      hasher.combine(packet.source)
      hasher.combine(packet.destination)
      hasher.combine(packet.bodyLength)
      hasher.combine(packet.fragment?.offset)
      hasher.combine(packet.hopLimit)
      body = packet.body
    case .arp, .spanningTree, .other, .malformed:
      return nil
    }
    let checksum: Range<Int>? =
      switch frame.transport {
      case .udp: 6..<8
      case .tcp: 16..<18
      default: nil
      }
    body.prefix(64).withUnsafeBytes { bytes in
      guard let checksum, bytes.count >= checksum.upperBound else {
        hasher.combine(bytes: bytes)
        return
      }
      hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[..<checksum.lowerBound]))
      hasher.combine(bytes: UnsafeRawBufferPointer(rebasing: bytes[checksum.upperBound...]))
    }
    // DHCP clients and servers wait for seconds before they repeat themselves.
    let isDHCP =
      frame.datagram.map { [67, 68, 546, 547, 4011].contains($0.destinationPort) } ?? false
    return (hasher.finalize(), identification != 0 || isDHCP)
  }
}
