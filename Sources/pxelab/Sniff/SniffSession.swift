import Addresses
import Capture
import CaptureFile
import Diagnosis
import Glibc
import LabHost
import PXEWire
import Synchronization

/// Live captures on some devices, followed and perhaps written to a file.
final class SniffSession: Sendable {
  /// What came of it.
  struct Summary: Sendable {
    var report: DiagnosisReport
    var statistics: CaptureStatistics
  }

  private struct State {
    var follower = CaptureFollower()
    /// Packets of several captures, until none can have an earlier one.
    var waiting = TimeMerge<HeldPacket>()
    var number = 0
    var failure: CaptureError?
    var named: Set<MACAddress> = []
  }

  /// A packet that waits for those of other captures.
  private struct HeldPacket {
    var bytes: [UInt8]
    var time: Timestamp
    var originalLength: Int
    var linkType: LinkType
    var interface: Int
  }

  /// What the packets mean, in the order in which they were captured; ends when a capture does.
  let events: AsyncStream<WireEvent>
  private let continuation: AsyncStream<WireEvent>.Continuation
  private let state = Mutex(State())
  private let captures: [LiveCapture]
  private let writer: CaptureWriter?
  private let machines: [MACAddress: String]
  private let start = Timestamp.now
  /// How long a packet waits for earlier ones of other captures, in nanoseconds: four times as long as the
  /// kernel may keep them.
  private let patience: Int64
  /// The most packets that wait: beyond that memory counts more than their order.
  private static let mostWaiting = 16384
  /// Held by who follows packets, so that they keep their order.
  private let turn = Mutex(())

  /// Begins to capture; nothing sent after the return is missed.
  ///
  /// - Parameters:
  ///   - devices: devices of the present network namespace.
  ///   - vlan: only frames of this VLAN, 0 for untagged ones.
  ///   - snapshotLength: bytes kept of each packet; 0 for all.
  ///   - file: where the packets are written; `nil` for nowhere.
  ///   - machines: the machines' names.
  ///   - comment: what the file says that it is of.
  /// - Throws: ``Failure`` when a device cannot be listened on, or the file not be made.
  init(
    devices: [SniffDevice], vlan: Int?, snapshotLength: Int, file: String?,
    machines: [MACAddress: String], comment: String?
  ) throws {
    var settings = LiveCapture.Settings.whole
    if snapshotLength > 0 { settings.snapshotLength = snapshotLength }
    let filter = vlan.map { $0 == 0 ? CaptureFilter("not vlan") : CaptureFilter("vlan \($0)") }
    let captures = try devices.map { try $0.open(filter, settings) }
    do {
      writer = try file.map { file in
        try CaptureWriter(
          file: file,
          interfaces: zip(devices, captures).map { device, capture in
            CaptureInterface(
              linkType: capture.linkType, snapshotLength: settings.snapshotLength,
              name: device.device, description: device.description)
          }, filter: filter, comment: comment)
      }
    } catch {
      throw Failure(.usage, "\(error)")
    }
    self.captures = captures
    self.machines = machines
    patience = devices.count > 1 ? 200_000_000 : 0
    (events, continuation) = AsyncStream.makeStream(of: WireEvent.self)
    state.withLock { $0.follower.captures = devices.map { $0.description ?? $0.device } }
    for (index, capture) in captures.enumerated() {
      let linkType = capture.linkType
      capture.start { [weak self] packet in
        self?.take(packet, linkType, interface: index)
      }
    }
  }

  /// Why a capture ended by itself, or the file is not whole.
  var failure: CaptureError? {
    state.withLock { $0.failure } ?? captures.lazy.compactMap(\.failure).first
  }

  /// Runs `body`, and lets time pass meanwhile: what only the absence of packets shows is told, the
  /// file is readable as far as it goes, and a capture that ended ends the events.
  ///
  /// - Throws: what `body` throws.
  func whileTicking(_ body: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { [self] in
        while !Task.isCancelled {
          try? await Task.sleep(for: .milliseconds(patience > 0 ? 100 : 500))
          tick()
        }
      }
      group.addTask { try await body() }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Ends the captures; the packets that the kernel holds are still taken in.
  func finish() async -> Summary {
    var statistics = CaptureStatistics()
    for (index, capture) in captures.enumerated() {
      do throws(CaptureError) {
        let counts = try await capture.stop()
        statistics = statistics + counts
        try writer?.count(counts, interface: index, from: start, to: .now)
      } catch {
        statistics = statistics + capture.statistics
        fail(error)
      }
    }
    follow { state in state.waiting.takeAll() }
    do throws(CaptureError) {
      try writer?.close()
    } catch {
      fail(error)
    }
    let report = state.withLock { state in
      state.follower.report(knowledge: Knowledge(dropped: statistics.dropped))
    }
    return Summary(report: report, statistics: statistics)
  }

  private func tick() {
    let settled = Timestamp(nanoseconds: Timestamp.now.nanoseconds - patience)
    let arrived = ContinuousClock.now - .nanoseconds(patience)
    follow { state in state.waiting.take(until: settled, arrivedBy: arrived) }
    let events: [WireEvent] = state.withLock { $0.follower.advance(to: settled) }
    for event in events { continuation.yield(event) }
    do throws(CaptureError) {
      try writer?.flush()
    } catch {
      fail(error)
    }
    if failure != nil { continuation.finish() }
  }

  private func fail(_ error: CaptureError) {
    state.withLock { state in
      if state.failure == nil { state.failure = error }
    }
  }

  private func take(_ packet: CapturedPacket, _ linkType: LinkType, interface: Int) {
    guard patience > 0 else { return follow(packet, linkType, interface: interface) }
    let isFull = state.withLock { state in
      state.waiting.add(
        HeldPacket(
          bytes: Array(packet.bytes), time: packet.time, originalLength: packet.originalLength,
          linkType: linkType, interface: interface), at: packet.time, arrival: .now)
      return state.waiting.count > Self.mostWaiting
    }
    if isFull {
      follow { state in
        state.waiting.takeFirst(max(0, state.waiting.count - Self.mostWaiting / 2))
      }
    }
  }

  /// Follows packets that have waited.
  private func follow(_ taken: (inout State) -> [HeldPacket]) {
    turn.withLock { _ in
      for packet in state.withLock({ taken(&$0) }) {
        packet.bytes.withUnsafeBytes { bytes in
          follow(
            CapturedPacket(
              time: packet.time, originalLength: packet.originalLength, bytes: bytes),
            packet.linkType, interface: packet.interface)
        }
      }
    }
  }

  private func follow(_ packet: CapturedPacket, _ linkType: LinkType, interface: Int) {
    let (events, names): ([WireEvent], [CaptureName]) = state.withLock { state in
      state.number += 1
      let events = state.follower.take(
        packet.bytes, linkType: linkType, at: packet.time, number: state.number,
        interface: interface)
      // The number of a packet is its place in the file: both under one lock.
      do throws(CaptureError) {
        try writer?.write(packet, interface: interface, comments: comments(on: events))
      } catch {
        if state.failure == nil { state.failure = error }
      }
      return (events, writer == nil ? [] : self.names(in: events, &state.named))
    }
    if !names.isEmpty {
      do throws(CaptureError) {
        try writer?.name(names)
      } catch {
        fail(error)
      }
    }
    for event in events { continuation.yield(event) }
  }

  /// What Wireshark shows beside the packet: the event, and whose it is.
  private func comments(on events: [WireEvent]) -> [String] {
    guard writer != nil, !events.isEmpty else { return [] }
    return events.filter { $0.isMilestone && $0.frame > 0 }.map { event in
      machines[event.mac].map { "\($0): \(event.text)" } ?? event.line
    }
  }

  /// The name of each machine's address, once.
  private func names(in events: [WireEvent], _ named: inout Set<MACAddress>) -> [CaptureName] {
    events.compactMap { event in
      guard event.kind == .dhcpAck, let name = machines[event.mac],
        let address = event.dhcp?.address, named.insert(event.mac).inserted
      else { return nil }
      return CaptureName(address: address.octets, name: name)
    }
  }
}

/// A device to listen on.
struct SniffDevice {
  /// Its name in the present network namespace.
  var device: String
  /// What it is, where that is not its name.
  var description: String?
  /// The file of its network namespace; `nil` of the present one.
  var namespace: String?

  /// A device of the present network namespace.
  init(device: String) { self.device = device }

  /// A bridge of a lab, for a process inside its sandbox; `nil`, and that is said, where nothing is
  /// captured.
  init?(inside place: CapturePlace) {
    do {
      namespace = try place.networkNamespace()
    } catch {
      complain("note: \(error)")
      return nil
    }
    device = place.device
    description = place.title
  }

  fileprivate func open(
    _ filter: CaptureFilter?, _ settings: LiveCapture.Settings
  ) throws -> LiveCapture {
    do throws(CaptureError) {
      return try LiveCapture(
        interface: device, filter: filter, settings: settings, namespace: namespace)
    } catch {
      if error.operation == .permission {
        throw Failure(
          .host,
          "capturing on \(device) is for root, or for a program with the capability CAP_NET_RAW: "
            + "sudo pxelab sniff -i \(device)")
      }
      if namespace == nil, device != "any", if_nametoindex(device) == 0 {
        throw Failure(
          .usage, "no interface \(device); there are \(Self.names.joined(separator: ", "))")
      }
      throw Failure(.host, "\(error)")
    }
  }

  /// The interfaces of the present network namespace.
  private static var names: [String] {
    guard let first = if_nameindex() else { return [] }
    defer { if_freenameindex(first) }
    var names: [String] = []
    var entry = first
    while let name = entry.pointee.if_name {
      names.append(String(cString: name))
      entry += 1
    }
    return names
  }
}

extension Timestamp {
  /// The present moment, by the clock that the kernel stamps packets with.
  fileprivate static var now: Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }
}
