import Addresses
import Capture
import CaptureFile
import Diagnosis
import PXEWire
import Synchronization

/// Listens on the lab's bridges: writes what it hears to files, and follows every client.
final class WireObserver: Sendable {
  private struct Heard {
    var tracker = WireTracker()
    var number = 0
    var captures: [LiveCapture] = []
    var writers: [CaptureWriter] = []
    var failure: CaptureError?
  }

  private let heard = Mutex(Heard())
  private let continuation: AsyncStream<WireEvent>.Continuation
  /// What the clients' packets mean, in the order in which they were captured.
  let events: AsyncStream<WireEvent>

  init() {
    (events, continuation) = AsyncStream.makeStream(of: WireEvent.self)
  }

  /// Begins to listen on a device on which tags are visible; nothing sent after the return is
  /// missed.
  func listen(on device: String, file: String) throws {
    let settings = LiveCapture.Settings.prompt
    let writer = try CaptureWriter(
      file: file,
      interfaces: [
        CaptureInterface(
          linkType: .ethernet, snapshotLength: settings.snapshotLength, name: device)
      ])
    let capture = try LiveCapture(interface: device, settings: settings) { [weak self] packet in
      self?.take(packet, writer)
    }
    heard.withLock { heard in
      heard.captures.append(capture)
      heard.writers.append(writer)
    }
  }

  /// Lets time pass: stalled transfers and unanswered questions show only by the absence of frames.
  /// Also hands what was written so far to whoever reads the files.
  func advance(to time: Timestamp) {
    let events = heard.withLock { heard in
      for writer in heard.writers {
        do throws(CaptureError) {
          try writer.flush()
        } catch {
          heard.failure = heard.failure ?? error
        }
      }
      return heard.tracker.advance(to: time)
    }
    for event in events { continuation.yield(event) }
  }

  /// What was seen of one address.
  func trace(of mac: MACAddress) -> ClientTrace? {
    heard.withLock { $0.tracker.trace(of: mac) }
  }

  /// What was heard besides one machine, up to a moment.
  func segment(to end: Timestamp) -> Segment {
    let tracker = heard.withLock { $0.tracker }
    return Segment(
      end: end, clients: tracker.clients,
      traces: tracker.segments.sorted { $0.key < $1.key }.map(\.value))
  }

  /// How many packets were lost, on all bridges.
  var dropped: Int {
    heard.withLock { heard in
      heard.captures.reduce(0) { $0 + $1.statistics.dropped }
    }
  }

  /// Why the capture is not complete, if it is not.
  var failure: CaptureError? {
    heard.withLock { heard in heard.failure ?? heard.captures.lazy.compactMap(\.failure).first }
  }

  private func take(_ packet: CapturedPacket, _ writer: CaptureWriter) {
    let events: [WireEvent] = heard.withLock { heard in
      do throws(CaptureError) {
        try writer.write(packet)
      } catch {
        heard.failure = heard.failure ?? error
      }
      heard.number += 1
      guard let frame = try? Frame(decoding: packet.bytes) else { return [] }
      return heard.tracker.observe(frame, at: packet.time, number: heard.number)
    }
    for event in events { continuation.yield(event) }
  }
}
