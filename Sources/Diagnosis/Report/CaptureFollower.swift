import Addresses
import PXEWire

/// Follows the packets of one capture from the first to the last, and says what they show.
package struct CaptureFollower: Sendable {
  /// What the packets mean, as they were captured.
  package var tracker: WireTracker {
    var tracker = followed
    var fastPath = fastPath
    fastPath.settle(into: &tracker)
    return tracker
  }
  /// The same of the networks inside tunnels, each for itself.
  package var tunnelled: [WireTracker] { inside.trackers }
  /// What became of the packets.
  package private(set) var packets = DiagnosisReport.PacketCounts()
  /// When the first packet was captured.
  package var begin: Timestamp? { periods.begin }
  /// When the latest packet was captured.
  package var end: Timestamp? { periods.end }

  /// What people call the captures that packets come from, by their numbers: with several of one network,
  /// it is followed how far a question got.
  package var captures: [String] = []

  private var paths = WirePaths()
  /// Knows all but what the fast path has taken in since it last told.
  private var followed: WireTracker
  private var inside = TunnelledNetworks()
  private(set) var fastPath = TransferFastPath()
  private var periods = CapturePeriods()

  /// A follower that has seen nothing.
  ///
  /// - Parameter tellsEvents: whether what the packets bring about is told as events, each whole percent
  ///   of a transfer among them, as displays want it. Without, `take` returns none.
  package init(tellsEvents: Bool = true) {
    followed = WireTracker(tellsEvents: tellsEvents)
  }

  /// Takes a packet in, in the order of capture, and returns what it brought about.
  ///
  /// - Parameters:
  ///   - bytes: what was kept of it, from the link-layer header on; not used after the call.
  ///   - linkType: what the bytes begin with.
  ///   - time: when it was captured.
  ///   - number: its number in the capture, from 1.
  ///   - interface: which of several interfaces captured it, if that is known.
  @discardableResult
  package mutating func take(
    _ bytes: UnsafeRawBufferPointer, linkType: LinkType, at time: Timestamp, number: Int,
    interface: Int? = nil
  ) -> [WireEvent] {
    if linkType == .ethernet,
      fastPath.take(bytes, at: time, number: number, interface: interface)
    {
      packets.read = max(packets.read + 1, number)
      packets.decoded += 1
      periods.take(time)
      return []
    }
    let events = take(
      try? Frame(decoding: bytes, linkType: linkType), at: time, number: number,
      interface: interface)
    if linkType == .ethernet { fastPath.learn(bytes, interface: interface, from: &followed) }
    return events
  }

  /// Takes a packet in, in the order of capture, and returns what it brought about.
  ///
  /// - Parameters:
  ///   - frame: the decoded frame; `nil` for a packet whose link-layer header does not decode.
  ///   - time: when it was captured.
  ///   - number: its number in the capture, from 1.
  ///   - interface: which of several interfaces captured it, if that is known.
  @discardableResult
  package mutating func take(
    _ frame: Frame?, at time: Timestamp, number: Int, interface: Int? = nil
  ) -> [WireEvent] {
    fastPath.settle(into: &followed)
    packets.read = max(packets.read + 1, number)
    periods.take(time)
    guard let frame else {
      packets.malformed += 1
      return []
    }
    if frame.isMalformed { packets.malformed += 1 } else { packets.decoded += 1 }
    if let interface, captures.count > 1 { paths.take(frame, of: interface, at: time) }
    let events = followed.observe(frame, at: time, number: number, interface: interface)
    let tellsEvents = followed.tellsEvents
    guard followed.carried != nil || followed.otherNetwork != nil else {
      return tellsEvents ? events : []
    }
    let outcome = inside.follow(&followed, at: time, number: number, interface: interface)
    // What it knows of transfers may be over.
    if outcome.concernsOutside { fastPath.forget() }
    return tellsEvents ? events + outcome.events : []
  }

  /// Lets time pass without a packet and returns what its passing brought about.
  package mutating func advance(to time: Timestamp) -> [WireEvent] {
    fastPath.settle(into: &followed)
    return followed.advance(to: time) + inside.advance(to: time)
  }

  /// Packets that were passed over because their link-layer header is of another kind.
  package mutating func skip(to count: Int) {
    packets.read = max(packets.read, count)
  }

  /// What the capture shows.
  package func report(knowledge: Knowledge = Knowledge()) -> DiagnosisReport {
    var trackers = [tracker] + tunnelled
    if let end {
      for index in trackers.indices { _ = trackers[index].advance(to: end) }
    }
    return DiagnosisReport(
      judging: trackers, packets: packets, begin: begin, end: end, periods: periods.several,
      paths: captures.count > 1 ? paths : nil, captures: captures, knowledge: knowledge)
  }
}

extension Frame {
  /// Whether a layer that is decoded is damaged.
  fileprivate var isMalformed: Bool {
    if case .malformed = payload { return true }
    if case .malformed = transport { return true }
    return false
  }
}
