import Addresses
import Diagnosis
import FoundationEssentials
import PXEWire
import Planning

/// One boot as it happens: wire events and console bytes in, stages out. Pure but for the clock that it is
/// given.
struct BootFollower: Sendable {
  /// What there is to tell after something has happened.
  struct News: Sendable {
    /// The stage, if it is another.
    var stage: Stage?
    /// A line of the wire that a person who watches wants to read.
    var line: String?
    /// An address that the machine was given.
    var address: (mac: MACAddress, address: IPv4Address)?
  }

  let plan: MachinePlan
  /// When the machine was started.
  let began: Timestamp
  private(set) var progress: MachineProgress?
  private var end: BootEnd?
  private var console = ConsoleReader()
  private(set) var consoleEvents: [ConsoleEvent] = []
  private(set) var wireEvents: [WireEvent] = []
  /// When the machine was started, and each time that it was reset.
  private(set) var starts: [Timestamp]
  /// The probe's reports, one for each restart, oldest first.
  private(set) var reports: [GuestReport] = []
  /// Whether there is nothing more to wait for.
  private(set) var isOver = false
  /// When bytes last flowed, by which the time limit is moved.
  private(set) var lastFlow: Timestamp?
  /// The transfer that is under way, in words.
  private(set) var activity: String?
  /// The last thing that showed the boot to go on: bytes of a file, or words of what was loaded.
  private(set) var lastSign: (text: String, time: Timestamp)?

  /// How many events of each kind are kept: a boot that loops for days is judged by its newest.
  private static let limit = 4096

  init(_ plan: MachinePlan, began: Timestamp) {
    self.plan = plan
    self.began = began
    starts = [began]
    progress = plan.expectation.map { MachineProgress(mac: $0.mac, bootFile: $0.bootFile) }
    end = plan.expectation.map {
      BootEnd(mac: $0.mac, entries: Set($0.entries), isToFail: plan.expectedFinding != nil)
    }
  }

  /// The stage now.
  var stage: Stage { progress?.stage ?? .defined }

  /// Takes an event of the wire in; `nil` when it is about another machine.
  mutating func observe(_ event: WireEvent) -> News? {
    guard plan.interfaces.contains(where: { $0.mac == event.mac }) else { return nil }
    if event.isMilestone { Self.keep(event, in: &wireEvents) }
    var news = News()
    news.stage = progress?.observe(event)
    if event.kind == .dhcpAck, let address = event.dhcp?.address {
      news.address = (event.mac, address)
    }
    if event.isFlow {
      lastFlow = event.time
      activity = event.text
      lastSign = (event.text, event.time)
    } else if event.isMilestone {
      activity = nil
    }
    if event.isWorthALine { news.line = event.text }
    if end?.comes(with: event) == true { isOver = true }
    return news
  }

  /// Takes bytes of the console in.
  mutating func read(console bytes: [UInt8], at time: Timestamp) -> [News] {
    var news: [News] = []
    for event in console.read(bytes, at: time).events {
      Self.keep(event, in: &consoleEvents)
      if let stage = progress?.observe(event) { news.append(News(stage: stage)) }
      if event.isOfLoadedProgram { lastSign = ("console: \(event.text)", time) }
      if let report = event.report { Self.keep(report, in: &reports) }
      let isEarlier =
        event.kind == .report && reports.count < plan.expectation?.boots ?? 1
      if !isEarlier, end?.comes(with: event) == true { isOver = true }
    }
    return news
  }

  /// The machine was reset, and goes on with the same boot.
  mutating func reset(at time: Timestamp) { Self.keep(time, in: &starts) }

  /// The machine's processors run no more, or its time is over.
  mutating func finish() { isOver = true }

  /// The boot was judged.
  mutating func conclude(_ verdict: MachineVerdict.Verdict) -> Stage? {
    progress?.conclude(verdict)
  }

  private static func keep<Element>(_ element: Element, in list: inout [Element]) {
    list.append(element)
    if list.count > limit { list.removeFirst(limit / 4) }
  }
}

extension WireEvent {
  /// Whether bytes of a file came.
  fileprivate var isFlow: Bool { kind == .tftpProgress || kind == .httpProgress }

  /// Whether a person who watches wants to read it: what begins a transfer is told by its end, and
  /// files that firmware asks for in vain on every boot are no news.
  fileprivate var isWorthALine: Bool {
    switch kind {
    case .tftpSize, .tftpRequest, .tftpProgress, .tftpAborted, .httpRequest, .httpProgress: false
    case .tftpError: !(tftp.map { TFTPTransfer.isOptional($0.file) } ?? false)
    default: true
    }
  }
}

extension ConsoleEvent {
  /// Whether something that was loaded speaks, and goes on.
  fileprivate var isOfLoadedProgram: Bool {
    switch kind {
    case .shim, .grub, .kernel, .ipxe, .ipxeStarting: true
    default: false
    }
  }
}

extension Timestamp {
  /// The moment of the call, by the same clock as the kernel's for packets.
  static var now: Timestamp { Timestamp(seconds: Date().timeIntervalSince1970) }
}
