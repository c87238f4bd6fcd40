import Addresses
import PXEWire

/// Follows the packets of one capture from the first to the last, and says what they show.
public struct CaptureFollower: Sendable {
  /// What the packets mean.
  public private(set) var tracker: WireTracker
  /// What became of the packets.
  public private(set) var packets = DiagnosisReport.PacketCounts()
  /// When the first packet was captured.
  public private(set) var begin: Timestamp?
  /// When the latest packet was captured.
  public private(set) var end: Timestamp?

  /// A follower that has seen nothing.
  public init() {
    tracker = WireTracker()
  }

  /// Takes a packet in, in the order of capture, and returns what it brought about.
  ///
  /// - Parameters:
  ///   - frame: the decoded frame; `nil` for a packet whose link-layer header does not decode.
  ///   - time: when it was captured.
  ///   - number: its number in the capture, from 1.
  @discardableResult
  public mutating func take(_ frame: Frame?, at time: Timestamp, number: Int) -> [WireEvent] {
    packets.read = max(packets.read + 1, number)
    begin = min(begin ?? time, time)
    end = max(end ?? time, time)
    guard let frame else {
      packets.malformed += 1
      return []
    }
    if frame.isMalformed { packets.malformed += 1 } else { packets.decoded += 1 }
    return tracker.observe(frame, at: time, number: number)
  }

  /// Packets that were passed over because their link-layer header is of another kind.
  public mutating func skip(to count: Int) {
    packets.read = max(packets.read, count)
  }

  /// What the capture shows.
  public func report(knowledge: Knowledge = Knowledge()) -> DiagnosisReport {
    var tracker = tracker
    if let end { _ = tracker.advance(to: end) }
    return DiagnosisReport(
      judging: tracker, packets: packets, begin: begin, end: end, knowledge: knowledge)
  }
}

extension Frame {
  /// Whether a layer that is decoded is damaged.
  fileprivate var isMalformed: Bool {
    switch payload {
    case .malformed: true
    case .ipv4(let packet):
      if case .malformed = packet.payload { true } else { false }
    default: false
    }
  }
}
