import CPcap
import Dispatch
import Glibc
import PXEWire
import Synchronization

/// A capture on an interface of the network namespace in which it was made, or of another.
///
/// A thread of its own uses the handle and calls the handler with each packet, in order.
package final class LiveCapture: Sendable {
  /// The link-layer header of the packets.
  package let linkType: LinkType

  /// How a capture is made.
  package struct Settings: Hashable, Sendable {
    /// How many bytes of each packet are kept.
    package var snapshotLength: Int
    /// The kernel's buffer, in bytes.
    package var bufferSize: Int
    /// Whether packets for other stations are seen too.
    package var isPromiscuous: Bool
    /// When packets are handed out.
    package var delivery: Delivery

    /// Settings.
    package init(
      snapshotLength: Int, bufferSize: Int, isPromiscuous: Bool = true, delivery: Delivery
    ) {
      self.snapshotLength = snapshotLength
      self.bufferSize = bufferSize
      self.isPromiscuous = isPromiscuous
      self.delivery = delivery
    }

    /// When packets are handed out.
    package enum Delivery: Hashable, Sendable {
      /// As soon as the kernel has them. Each takes the snapshot length of the buffer whatever its
      /// size (TPACKET_V2), so that a large one loses packets in bursts.
      case immediate
      /// When the kernel has filled a part of the buffer, at the latest after so many milliseconds.
      /// Each packet takes the room that it needs (TPACKET_V3).
      case batches(milliseconds: Int)
    }

    /// For who must know at once what has happened: 1,920 bytes of each packet, so that two of them and
    /// their headers fill a page (of one more byte each would take a page), a 4 MiB buffer. That is 2,048
    /// packets: bursts of so many come through on a busy machine, of half as many in half the buffer.
    package static let prompt = Settings(
      snapshotLength: 1920, bufferSize: 4 << 20, delivery: .immediate)
    /// For who must not lose any: whole packets, a 32 MiB buffer, up to 50 ms late.
    package static let whole = Settings(
      snapshotLength: 262_144, bufferSize: 32 << 20, delivery: .batches(milliseconds: 50))
  }

  private struct State {
    var statistics = CaptureStatistics()
    var failure: CaptureError?
    var waiting: [CheckedContinuation<Void, Never>] = []
    var started = false
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
  private let handle: CaptureHandle
  private let readable: Int32
  private let settings: Settings

  /// Opens a capture: from the return on the kernel keeps packets, which ``start(_:)`` hands out.
  ///
  /// - Parameters:
  ///   - interface: the interface's name; promiscuous from here on, unless the settings say not.
  ///   - filter: which packets, compiled on the live handle; all where it is absent.
  ///   - settings: how.
  ///   - namespace: a file of the network namespace in which the interface is; this process's without one.
  /// - Throws: `CaptureError`.
  package init(
    interface: String, filter: CaptureFilter? = nil, settings: Settings = .prompt,
    namespace: String? = nil
  ) throws(CaptureError) {
    let handle =
      if let namespace {
        try NetworkNamespace.run(in: namespace) { () throws(CaptureError) in
          try CaptureHandle.live(interface: interface, filter: filter, settings)
        }
      } else {
        try CaptureHandle.live(interface: interface, filter: filter, settings)
      }
    let readable = pcap_get_selectable_fd(handle.pointer)
    var descriptors: [Int32] = [-1, -1]
    guard readable >= 0, pipe(&descriptors) == 0 else {
      throw CaptureError(
        source: interface, operation: .activate, reason: String(cString: strerror(errno)))
    }
    // Programs started later must not inherit these; libpcap leaves its socket open to them.
    for descriptor in descriptors + [readable] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(descriptors[1], F_SETFL, O_NONBLOCK)
    shared = Shared(pipe: descriptors)
    linkType = handle.linkType
    self.handle = handle
    self.readable = readable
    self.settings = settings
  }

  /// Opens and starts a capture: a packet sent after the return is seen.
  ///
  /// - Parameters:
  ///   - handler: called on the capture's thread with each packet.
  /// - Throws: `CaptureError`.
  package convenience init(
    interface: String, filter: CaptureFilter? = nil, settings: Settings = .prompt,
    handler: @escaping @Sendable (CapturedPacket) -> Void
  ) throws(CaptureError) {
    try self.init(interface: interface, filter: filter, settings: settings)
    start(handler)
  }

  /// Hands the packets to a handler, on a thread of the capture's own; only the first call does.
  package func start(_ handler: @escaping @Sendable (CapturedPacket) -> Void) {
    let isFirst = shared.state.withLock { state in
      defer { state.started = true }
      return !state.started
    }
    guard isFirst else { return }
    DispatchQueue(label: "capture \(handle.source)").async { [handle, readable, shared, settings] in
      Self.run(handle, readable, shared, settings.delivery, handler)
    }
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
  package func stop() async throws(CaptureError) -> CaptureStatistics {
    signalStop()
    await withCheckedContinuation { continuation in
      let ended = shared.state.withLock { state in
        let ended = state.ended || !state.started
        if !ended { state.waiting.append(continuation) }
        return ended
      }
      if ended { continuation.resume() }
    }
    let (statistics, failure) = shared.state.withLock { ($0.statistics, $0.failure) }
    if let failure { throw failure }
    return statistics
  }

  /// The counts as of a second ago or less, or the final ones once stopped.
  package var statistics: CaptureStatistics { shared.state.withLock { $0.statistics } }

  /// Why the capture ended by itself, if it did.
  package var failure: CaptureError? { shared.state.withLock { $0.failure } }

  private func signalStop() {
    // The write fails only when the pipe is full, and then the thread wakes up anyway.
    _ = write(shared.stopWriter, [0], 1)
  }

  private static func run(
    _ handle: CaptureHandle, _ readable: Int32, _ shared: Shared, _ delivery: Settings.Delivery,
    _ handler: (CapturedPacket) -> Void
  ) {
    do throws(CaptureError) {
      // The counts cost a call of the system: not at each wake-up, which may be each packet.
      let clock = ContinuousClock()
      var counted = clock.now
      var delivered = 0
      var end: (held: Int, deadline: ContinuousClock.Instant)?
      while true {
        while case let count = try handle.deliver(handler), count > 0 { delivered += count }
        if let end {
          if delivered >= end.held || clock.now >= end.deadline {
            return shared.end(try handle.statistics(), nil)
          }
          try wait(for: handle, readable, milliseconds: delivery.latency)
          continue
        }
        if clock.now - counted >= .seconds(1) {
          let statistics = try handle.statistics()
          shared.state.withLock { $0.statistics = statistics }
          counted = clock.now
        }
        if try waitForInput(handle, readable, shared.stopReader) {
          let statistics = try handle.statistics()
          // Of what goes out on the loopback interface the kernel counts more than it hands out.
          end = (
            statistics.received - statistics.dropped,
            clock.now + .milliseconds(Self.lateness * delivery.latency)
          )
        }
      }
    } catch {
      shared.end(nil, error)
    }
  }

  /// How many times later than promised the kernel may hand out a part of the buffer that is not
  /// full: its timer begins anew with each part, and a busy machine comes to it late.
  private static let lateness = 10

  /// Sleeps until there are packets or a stop was asked for, or a second has gone by; true for a
  /// stop.
  private static func waitForInput(
    _ handle: CaptureHandle, _ readable: Int32, _ stopReader: Int32
  ) throws(CaptureError) -> Bool {
    var descriptors = [
      pollfd(fd: readable, events: Int16(POLLIN), revents: 0),
      pollfd(fd: stopReader, events: Int16(POLLIN), revents: 0),
    ]
    try wait(for: handle, &descriptors, milliseconds: 1000)
    return descriptors[1].revents != 0
  }

  /// Sleeps until there are packets, or so many milliseconds have gone by.
  private static func wait(
    for handle: CaptureHandle, _ readable: Int32, milliseconds: Int
  ) throws(CaptureError) {
    var descriptors = [pollfd(fd: readable, events: Int16(POLLIN), revents: 0)]
    try wait(for: handle, &descriptors, milliseconds: milliseconds)
  }

  private static func wait(
    for handle: CaptureHandle, _ descriptors: inout [pollfd], milliseconds: Int
  ) throws(CaptureError) {
    while poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: milliseconds)) < 0 {
      guard errno == EINTR else {
        throw CaptureError(
          source: handle.source, operation: .read, reason: String(cString: strerror(errno)))
      }
    }
  }
}

extension LiveCapture.Settings.Delivery {
  /// How long the kernel may keep a packet to itself, in milliseconds.
  fileprivate var latency: Int {
    switch self {
    case .immediate: 0
    case .batches(let milliseconds): milliseconds
    }
  }
}
