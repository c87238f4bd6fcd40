import Addresses
import Diagnosis
import PXEWire

/// Makes of what a machine's console and the wire show what its firmware tried.
package struct BootRecorder: Sendable {
  private let wire: [WireEvent]
  /// The first of the order that the firmware goes by; `nil` where that is not known.
  private let first: UInt16?
  private var starts: ArraySlice<Timestamp>
  private var boots: [BootRecord] = []
  private var attempts: [Open] = []
  private var open: Open?

  /// An attempt with what was seen in it.
  private struct Open {
    var attempt: BootAttempt
    var way: String?
    var status: String?
    var sayings: [String] = []
    /// What ran of what was started.
    var ran: [String] = []
    var isStarted = false
    var hasSystem = false
    /// The start that it was cut off by.
    var nextStart: Timestamp?
  }

  /// What was tried.
  ///
  /// - Parameters:
  ///   - console: what the console said, in order.
  ///   - wire: what the machine's cards did, in order.
  ///   - starts: when the machine was started.
  ///   - order: the order that the firmware went by, if it is known. An entry that is tried twice
  ///     means that the machine was reset, but for one that was tried first though it is not the
  ///     first in order: `BootNext`.
  package static func boots(
    console: [ConsoleEvent], wire: [WireEvent] = [], starts: [Timestamp] = [],
    order: [UInt16] = []
  ) -> [BootRecord] {
    var recorder = BootRecorder(wire: wire, starts: starts, first: order.first)
    for event in console { recorder.take(event) }
    return recorder.finish()
  }

  private init(wire: [WireEvent], starts: [Timestamp], first: UInt16?) {
    self.wire = wire
    self.starts = starts[...]
    self.first = first
  }

  private mutating func take(_ event: ConsoleEvent) {
    while let start = starts.first, start <= event.time {
      starts.removeFirst()
      endBoot(at: start)
      boots.append(BootRecord(began: start, attempts: []))
    }
    if let line = BootManagerLine(event.text) { return take(line, at: event.time) }
    switch event.kind {
    case .startPXE, .startHTTP:
      begin(at: event.time)
      open?.way = event.text.contains("HTTP") ? "HTTP" : "PXE"
      open?.attempt.description = event.text.drop { $0 == ">" }.description
    case .pxeError, .refused: open?.sayings.append(event.text)
    case .biosStarting: beginBoot()
    case .biosBooting:
      begin(at: event.time)
      open?.attempt.description = event.text.biosDevice
      if event.text.biosDevice == "ROM" { open?.way = "option ROM" }
      open?.isStarted = true
    case .biosBootFailed:
      open?.isStarted = false
      open?.status = event.text
      close(at: event.time, .failed)
    case .shim: ran("shim")
    case .ipxe, .ipxeStarting: ran("iPXE")
    case .grub: ran("GRUB")
    case .kernel: ran("Linux", isSystem: true)
    case .report: ran("the probe", isSystem: true)
    case .ipxeFailed, .loaderError, .grubError, .grubPrompt, .grubRescue, .kernelPanic, .noRoot,
      .noInit:
      open?.sayings.append(event.text)
    case .noBootEntryLeft:
      // The firmware's shell and menu are entries that were started.
      if open?.isStarted != true || event.text.contains("No bootable device.") {
        close(at: event.time, .failed)
      }
    default: break
    }
  }

  private mutating func take(_ line: BootManagerLine, at time: Timestamp) {
    if open?.attempt.entry != line.entry || (line.verb == .loading && open?.isStarted == true) {
      if open?.attempt.entry != nil || open == nil || open?.isStarted == true { begin(at: time) }
      if repeats(line.entry) { moveToNewBoot() }
    }
    open?.attempt.entry = line.entry
    open?.attempt.description = line.description
    open?.attempt.path = line.path
    open?.attempt.mac =
      MACAddress(inBootEntry: line.path) ?? MACAddress(inBootEntry: line.description)
    if let status = line.status { open?.status = status }
    if line.verb == .starting { open?.isStarted = true }
    if line.verb.isEnd { close(at: time, .failed) }
  }

  /// Whether an entry was tried before in this boot, which a firmware does not do.
  private func repeats(_ entry: UInt16) -> Bool {
    let before = attempts.filter { $0.attempt.entry == entry }.count
    guard before > 0 else { return false }
    let isAfterBootNext =
      before == 1 && attempts.count > 0 && attempts[0].attempt.entry == entry && first != nil
      && first != entry
    return !isAfterBootNext
  }

  /// What is open turned out to be the first of another boot.
  private mutating func moveToNewBoot() {
    let opened = open
    open = nil
    beginBoot()
    open = opened
  }

  private mutating func ran(_ program: String, isSystem: Bool = false) {
    guard open != nil else { return }
    if open?.ran.contains(program) == false { open?.ran.append(program) }
    if isSystem { open?.hasSystem = true }
    open?.isStarted = true
  }

  private mutating func begin(at time: Timestamp) {
    if let opened = open {
      // A firmware speaks again after an operating system when the machine has restarted.
      if opened.hasSystem { beginBoot() } else { close(at: time, .failed) }
    }
    open = Open(
      attempt: BootAttempt(
        description: "", began: time, outcome: .running, reason: ""))
  }

  private mutating func close(at time: Timestamp, _ outcome: BootAttempt.Outcome) {
    guard var closing = open else { return }
    open = nil
    closing.attempt.ended = time
    closing.attempt.outcome = outcome
    attempts.append(closing)
  }

  private mutating func beginBoot() {
    endBoot()
    // Its start was told already.
    if let last = boots.last, last.attempts.isEmpty { return }
    boots.append(BootRecord(began: nil, attempts: []))
  }

  /// Puts what was tried into the boot that is over.
  ///
  /// - Parameter start: when the next one began, if there is one.
  private mutating func endBoot(at start: Timestamp? = nil) {
    if var last = open {
      open = nil
      last.attempt.outcome = last.isStarted ? .started : start == nil ? .running : .failed
      last.nextStart = start
      attempts.append(last)
    }
    guard !attempts.isEmpty else { return }
    if boots.isEmpty { boots.append(BootRecord(began: nil, attempts: [])) }
    var from = boots[boots.count - 1].began ?? attempts[0].attempt.began
    var previous: (attempt: BootAttempt, from: Timestamp?)?
    for open in attempts {
      // A console is read later than packets are captured, so that the first packets of an attempt
      // may have come before the end of the one before; known to be of the other family they are
      // its own.
      let families = [previous?.attempt.isIPv6, open.attempt.isIPv6].compactMap { $0 }
      let isOtherFamily = Set(families).count == 2
      let attempt = explained(open, from: from, early: isOtherFamily ? previous?.from : nil)
      boots[boots.count - 1].attempts.append(attempt)
      previous = (attempt, from)
      from = attempt.ended ?? from
    }
    attempts = []
  }

  private mutating func finish() -> [BootRecord] {
    endBoot(at: starts.first)
    for start in starts { boots.append(BootRecord(began: start, attempts: [])) }
    return boots.filter { $0.began != nil || !$0.attempts.isEmpty }
  }

  /// The attempt with its reason: what its card did on the wire meanwhile, what was said, and the
  /// firmware's status.
  ///
  /// - Parameter early: when packets of its own family may have come already.
  private func explained(
    _ open: Open, from: Timestamp?, early: Timestamp?
  ) -> BootAttempt {
    var attempt = open.attempt
    let until = attempt.ended ?? open.nextStart
    let isIPv6 = open.isStarted ? nil : attempt.isIPv6
    let isHTTP = open.isStarted ? nil : attempt.isHTTP
    let meanwhile = wire.filter { event in
      let isOwn = isIPv6 != nil && event.isIPv6 == isIPv6
      let begin = isOwn ? early ?? from : from
      return (attempt.mac == nil ? open.way != nil : event.mac == attempt.mac)
        && begin.map { event.time >= $0 } ?? true && until.map { event.time <= $0 } ?? true
        && (isIPv6 == nil || event.isIPv6 == nil || isOwn)
        // That a transfer stalls is told when the next attempt has begun.
        && (isHTTP == nil || event.isHTTP == nil || event.isHTTP == isHTTP)
    }
    let seen = WireSummary(meanwhile).text
    // SeaBIOS says of a card's ROM no more than that it is one.
    if attempt.mac == nil { attempt.mac = meanwhile.first?.mac }
    var parts: [String] = []
    if open.way != nil || attempt.mac != nil { parts.append(seen ?? WireSummary.nothing) }
    if let first = meanwhile.first?.time, let began = attempt.began {
      attempt.began = min(first, began)
    }
    switch attempt.outcome {
    case .started:
      parts.append(open.ran.isEmpty ? "started" : open.ran.joined(separator: ", ") + " ran")
    case .failed:
      if open.isStarted, open.status == nil {
        parts.append(
          (open.ran.isEmpty ? "" : open.ran.joined(separator: ", ") + " ran; ") + "it came back")
      }
      if open.nextStart != nil { parts.append("cut off by the next start") }
      if let status = open.status {
        let isEmptyDisk = attempt.mac == nil && open.way == nil && status == "Not Found"
        parts.append(isEmptyDisk ? "nothing on it boots (\(status))" : status)
      }
    case .running: break
    }
    parts += open.sayings.filter { BootManagerLine($0) == nil }.reduce(into: []) { said, line in
      if !said.contains(line) { said.append(line) }
    }
    attempt.reason = parts.joined(separator: "; ")
    return attempt
  }
}

extension String {
  /// `Hard Disk` in SeaBIOS' `Booting from Hard Disk...`.
  fileprivate var biosDevice: String {
    guard let words = firstRange(of: "Booting from ") else { return self }
    var device = self[words.upperBound...]
    while device.last == "." || device.last == " " { device.removeLast() }
    return String(device)
  }
}
