import Addresses
import Capture
import CaptureFile
import Diagnosis
import PXEWire
import Synchronization

/// Listens on a node's bridges: writes what it hears to a file for each, and follows every client of
/// each broadcast domain by itself.
final class WireListener: Sendable {
  /// Something on the wire, and where.
  struct Event: Sendable {
    var bridge: String
    var event: WireEvent
  }

  /// What is heard on one bridge. The capture's thread alone takes packets in.
  private final class Place: Sendable {
    struct Heard {
      var follower = CaptureFollower()
      var number = 0
      /// Why the file is not written on.
      var fileFailure: CaptureError?
    }

    let heard = Mutex(Heard())
    let writer: CaptureWriter
    /// How many bytes of each packet the file has.
    let snapshotLength: Int
    let capture = Mutex<LiveCapture?>(nil)

    init(writer: CaptureWriter, snapshotLength: Int) {
      self.writer = writer
      self.snapshotLength = snapshotLength
    }

    func fail(_ error: CaptureError) {
      heard.withLock { if $0.fileFailure == nil { $0.fileFailure = error } }
    }
  }

  /// Begins to capture on a device; `nil` where nothing is heard.
  typealias Opening =
    @Sendable (_ device: String, @escaping @Sendable (CapturedPacket) -> Void) throws(CaptureError)
    -> LiveCapture?

  private let open: Opening
  private let places = Mutex<[String: Place]>([:])
  private let continuation: AsyncStream<Event>.Continuation
  /// What the clients' packets mean, of each bridge in the order in which they were captured.
  let events: AsyncStream<Event>

  /// A listener.
  ///
  /// - Parameter open: how captures begin.
  init(
    open: @escaping Opening = { (device, take) throws(CaptureError) in
      try LiveCapture(interface: device, settings: .prompt) { take($0) }
    }
  ) {
    self.open = open
    // A boot makes some hundreds; who does not keep up loses the oldest progress, not the verdict, which
    // rests on the followers.
    (events, continuation) = AsyncStream.makeStream(
      of: Event.self, bufferingPolicy: .bufferingNewest(16384))
  }

  deinit { continuation.finish() }

  /// Begins to listen on the device of a bridge on which tags are visible; nothing sent after the return
  /// is missed. Does nothing where it listens already.
  ///
  /// - Parameters:
  ///   - snapshotLength: how many bytes of each packet the file has; what is followed is whole.
  ///   - rotation: how much is kept.
  /// - Throws: `CaptureError`.
  func listen(
    on bridge: String, device: String, file: String, snapshotLength: Int,
    rotation: CaptureWriter.Rotation
  ) throws(CaptureError) {
    guard places.withLock({ $0[bridge] == nil }) else { return }
    let kept = min(snapshotLength, LiveCapture.Settings.prompt.snapshotLength)
    let place = Place(
      writer: try CaptureWriter(
        file: file,
        interfaces: [
          CaptureInterface(linkType: .ethernet, snapshotLength: kept, name: device)
        ], rotation: rotation), snapshotLength: kept)
    let capture = try open(device) { [weak self, weak place] packet in
      guard let place else { return }
      self?.take(packet, at: place, of: bridge)
    }
    place.capture.withLock { $0 = capture }
    places.withLock { $0[bridge] = place }
  }

  /// Ends listening on a bridge that is to go; its file stays.
  func stop(_ bridge: String) async {
    guard let place = places.withLock({ $0.removeValue(forKey: bridge) }) else { return }
    do throws(CaptureError) {
      _ = try await place.capture.withLock { $0 }?.stop()
      try place.writer.close()
    } catch {
      place.fail(error)
    }
  }

  /// Lets time pass: stalled transfers and unanswered questions show only by the absence of frames.
  /// Also hands what was written so far to whoever reads the files.
  func advance(to time: Timestamp) {
    for (bridge, place) in places.withLock({ $0 }) {
      do throws(CaptureError) {
        try place.writer.flush()
      } catch {
        place.fail(error)
      }
      let events = place.heard.withLock { $0.follower.advance(to: time) }
      for event in events { continuation.yield(Event(bridge: bridge, event: event)) }
    }
  }

  /// What one bridge's capture shows.
  struct Hearing: Sendable {
    /// What was followed.
    var tracker: WireTracker
    /// Packets that were lost.
    var dropped: Int
    /// Why no more packets are heard, if so.
    var failure: CaptureError?
    /// Why the file ends early, if it does.
    var fileFailure: CaptureError?
  }

  /// What was heard on a bridge so far; `nil` where nobody listens.
  func hearing(on bridge: String) -> Hearing? {
    guard let place = places.withLock({ $0[bridge] }) else { return nil }
    let capture = place.capture.withLock { $0 }
    let (tracker, failure) = place.heard.withLock { ($0.follower.tracker, $0.fileFailure) }
    return Hearing(
      tracker: tracker, dropped: capture?.statistics.dropped ?? 0, failure: capture?.failure,
      fileFailure: failure)
  }

  private func take(_ packet: CapturedPacket, at place: Place, of bridge: String) {
    do throws(CaptureError) {
      try place.writer.write(packet.cut(to: place.snapshotLength))
    } catch {
      place.fail(error)
    }
    let events = place.heard.withLock { heard in
      heard.number += 1
      return heard.follower.take(
        packet.bytes, linkType: .ethernet, at: packet.time, number: heard.number)
    }
    for event in events { continuation.yield(Event(bridge: bridge, event: event)) }
  }
}
