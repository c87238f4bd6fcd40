import CPcap
import Foundation
import PXEWire
import Synchronization

/// A capture on an interface of the network namespace in which it was made.
///
/// A thread of its own owns the handle and calls the handler with each packet, in order, as soon
/// as the kernel has it (immediate mode). The initializer returns when the capture is active: a
/// packet sent after that is seen.
public final class LiveCapture: Sendable {
  /// The link-layer header of the packets.
  public let linkType: LinkType

  private struct State {
    var statistics = CaptureStatistics(received: 0, dropped: 0, droppedByInterface: 0)
    var failure: CaptureError?
    var waiting: [CheckedContinuation<Void, Never>] = []
    var ended = false
  }

  private final class Shared: Sendable {
    let state = Mutex(State())
    let stopReader: Int32
    let stopWriter: Int32

    init(pipe: [Int32]) {
      stopReader = pipe[0]
      stopWriter = pipe[1]
    }

    deinit {
      close(stopReader)
      close(stopWriter)
    }

    func end(_ statistics: CaptureStatistics?, _ failure: CaptureError?) {
      let waiting = state.withLock { state in
        if let statistics { state.statistics = statistics }
        state.failure = failure
        state.ended = true
        defer { state.waiting = [] }
        return state.waiting
      }
      for continuation in waiting { continuation.resume() }
    }
  }

  private let shared: Shared

  /// Starts a capture.
  ///
  /// - Parameters:
  ///   - interface: the interface's name; promiscuous from here on.
  ///   - filter: which packets, compiled on the live handle; all where it is absent.
  ///   - snapshotLength: how many bytes of each packet are kept. Each packet takes that much of
  ///     the kernel's buffer whatever its size, so a large value loses packets in bursts.
  ///   - bufferSize: the kernel's buffer, in bytes.
  ///   - handler: called on the capture's thread with each packet.
  /// - Throws: `CaptureError`.
  public init(
    interface: String, filter: CaptureFilter? = nil, snapshotLength: Int = 2048,
    bufferSize: Int = 8 << 20, handler: @escaping @Sendable (CapturedPacket) -> Void
  ) throws(CaptureError) {
    let handle = try CaptureHandle.live(
      interface: interface, filter: filter, snapshotLength: snapshotLength, bufferSize: bufferSize)
    let readable = pcap_get_selectable_fd(handle.pointer)
    var descriptors: [Int32] = [-1, -1]
    guard readable >= 0, pipe(&descriptors) == 0 else {
      throw CaptureError(
        source: interface, operation: .activate, reason: String(cString: strerror(errno)))
    }
    // Programs started later must not inherit these; libpcap leaves its socket open to them.
    for descriptor in descriptors + [readable] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(descriptors[1], F_SETFL, O_NONBLOCK)
    let shared = Shared(pipe: descriptors)
    self.shared = shared
    linkType = handle.linkType
    let thread = Thread {
      Self.run(handle, readable, shared, handler)
    }
    thread.name = "capture \(interface)"
    thread.start()
  }

  deinit {
    signalStop()
  }

  /// Ends the capture and returns when the handler has been called for the last time: packets that
  /// the kernel held at the call are still delivered.
  ///
  /// - Returns: the final counts.
  /// - Throws: `CaptureError` when the capture had failed before, for instance because the
  ///   interface went away.
  @discardableResult
  public func stop() async throws(CaptureError) -> CaptureStatistics {
    signalStop()
    await withCheckedContinuation { continuation in
      let ended = shared.state.withLock { state in
        if !state.ended { state.waiting.append(continuation) }
        return state.ended
      }
      if ended { continuation.resume() }
    }
    let (statistics, failure) = shared.state.withLock { ($0.statistics, $0.failure) }
    if let failure { throw failure }
    return statistics
  }

  /// The counts as of the last packet, or the final ones once stopped.
  public var statistics: CaptureStatistics { shared.state.withLock { $0.statistics } }

  /// Why the capture ended by itself, if it did.
  public var failure: CaptureError? { shared.state.withLock { $0.failure } }

  private func signalStop() {
    // The write fails only when the pipe is full, and then the thread wakes up anyway.
    _ = write(shared.stopWriter, [0], 1)
  }

  private static func run(
    _ handle: CaptureHandle, _ readable: Int32, _ shared: Shared,
    _ handler: (CapturedPacket) -> Void
  ) {
    do throws(CaptureError) {
      var stopping = false
      while true {
        while let packet = try handle.next() { handler(packet) }
        let statistics = try handle.statistics()
        shared.state.withLock { $0.statistics = statistics }
        if stopping { return shared.end(statistics, nil) }
        stopping = try waitForInput(handle, readable, shared.stopReader)
      }
    } catch {
      shared.end(nil, error)
    }
  }

  /// Sleeps until there are packets or a stop was asked for; true for the latter.
  private static func waitForInput(
    _ handle: CaptureHandle, _ readable: Int32, _ stopReader: Int32
  ) throws(CaptureError) -> Bool {
    var descriptors = [
      pollfd(fd: readable, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stopReader, events: Int16(POLLIN), revents: 0),
    ]
    while poll(&descriptors, 2, -1) < 0 {
      guard errno == EINTR else {
        throw CaptureError(
          source: handle.source, operation: .read, reason: String(cString: strerror(errno)))
      }
    }
    return descriptors[1].revents != 0
  }
}
