import Addresses
import PXEWire

/// Recognises a frame that the capture shows a second time with another tag, as where a bridge and
/// one of its ports are both listened to.
struct FrameEcho: Sendable {
  private struct Sighting {
    let source: MACAddress
    let destination: MACAddress
    let identification: UInt16
    let addresses: UInt64
    let ports: UInt32
    let length: Int
    let vlan: VLANID?
    let time: Timestamp

    func isSameFrame(as other: Sighting) -> Bool {
      source == other.source && destination == other.destination
        && identification == other.identification && ports == other.ports
        && length == other.length && addresses == other.addresses
    }
  }

  private var recent: [Sighting] = []
  private var next = 0
  /// Seconds between the two sightings at most.
  private let span: Double = 0.05
  private let capacity = 16

  /// The VLAN of the frame's earlier sighting, if it was seen just before under another tag.
  mutating func earlierVLAN(of frame: Frame, at time: Timestamp) -> VLANID?? {
    guard case .ipv4(let packet) = frame.payload else { return nil }
    let datagram = frame.datagram
    let sighting = Sighting(
      source: frame.source, destination: frame.destination,
      identification: packet.identification,
      addresses: UInt64(packet.source.rawValue) << 32 | UInt64(packet.destination.rawValue),
      ports: datagram.map { UInt32($0.sourcePort) << 16 | UInt32($0.destinationPort) } ?? 0,
      length: packet.totalLength, vlan: frame.vlan, time: time)
    let earlier = recent.first { candidate in
      candidate.vlan != sighting.vlan && candidate.isSameFrame(as: sighting)
        && abs(time.seconds(since: candidate.time)) <= span
    }
    if recent.count < capacity {
      recent.append(sighting)
    } else {
      recent[next] = sighting
      next = (next + 1) % capacity
    }
    guard let earlier else { return nil }
    return .some(earlier.vlan)
  }
}
