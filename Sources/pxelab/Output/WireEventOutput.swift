import Addresses
import Capture
import Diagnosis
import FileSystem
import FoundationEssentials
import Glibc
import PXEWire

/// Prints events as they come: a line each, or a JSON object each.
struct WireEventOutput {
  private let format: OutputFormat
  private let machines: [MACAddress: String]
  private let width: Int
  private let terminal: Terminal
  private let stream: StandardStream

  /// - Parameters:
  ///   - machines: the machines' names; clients without one are told by their addresses.
  ///   - toStandardError: whether standard output is taken.
  init(format: OutputFormat, machines: [MACAddress: String], toStandardError: Bool) {
    self.format = format
    self.machines = machines
    width = machines.values.map(\.count).max() ?? 0
    terminal =
      toStandardError
      ? Terminal(isInteractive: false, hasColour: false) : .standardOutput
    stream = toStandardError ? .error : .output
  }

  /// Says where is being listened.
  func begin(_ devices: [String]) {
    complain("listening on \(devices.joined(separator: ", ")); Ctrl-C ends it")
  }

  /// Prints an event.
  ///
  /// - Throws: ``Failure`` when it could not be written.
  func show(_ event: WireEvent) throws {
    switch format {
    case .text:
      let time = Self.clock(event.time)
      let text = colour(of: event.kind).map { terminal.paint(event.line, $0) } ?? event.line
      try line("\(terminal.paint(time, .faint)) \(client(of: event, text))")
    case .json:
      try json(EventLine(event: event, machine: machines[event.mac]))
    }
  }

  /// The hour, minute and second of this machine's time zone, with six decimals.
  private static func clock(_ time: Timestamp) -> String {
    var seconds = Int(time.nanoseconds / 1_000_000_000)
    var local = tm()
    localtime_r(&seconds, &local)
    let microseconds = Int(time.nanoseconds / 1000 % 1_000_000)
    let parts = [Int(local.tm_hour), Int(local.tm_min), Int(local.tm_sec)].map { digits($0, 2) }
    return parts.joined(separator: ":") + "." + digits(microseconds, 6)
  }

  private static func digits(_ number: Int, _ count: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }

  /// The text with whose it is: the machine's name in front, or the address after what lacks it.
  private func client(of event: WireEvent, _ text: String) -> String {
    let name = machines[event.mac] ?? ""
    let column =
      machines.isEmpty
      ? ""
      : terminal.paint(name, .strong) + String(repeating: " ", count: width - name.count + 1)
    let mac = "\(event.mac)"
    guard name.isEmpty, !event.line.contains(mac) else { return column + text }
    return "\(column)\(text) \(terminal.paint("[\(mac)]", .faint))"
  }

  /// Prints the counts and the diagnosis.
  ///
  /// - Throws: ``Failure`` when they could not be written.
  func end(_ summary: SniffSession.Summary) throws {
    let counts = summary.statistics
    switch format {
    case .text:
      let lost = counts.dropped + counts.droppedByInterface
      complain(
        "\(summary.report.packets.read) packets, \(lost) lost"
          + (lost > 0 ? ": what was not seen may have happened all the same" : ""))
      try line("")
      try line(DiagnosisOutput(summary.report, file: "").text(terminal: terminal))
    case .json:
      try json(
        CountsLine(
          received: counts.received, dropped: counts.dropped,
          droppedByInterface: counts.droppedByInterface))
      try json(ReportLine(diagnosis: summary.report))
    }
  }

  private struct EventLine: Encodable {
    var event: WireEvent
    var machine: String?

    enum CodingKeys: CodingKey { case machine }

    func encode(to encoder: any Encoder) throws {
      try event.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encodeIfPresent(machine, forKey: .machine)
    }
  }

  private struct CountsLine: Encodable {
    var kind = "counts"
    var received: Int
    var dropped: Int
    var droppedByInterface: Int
  }

  private struct ReportLine: Encodable {
    var kind = "diagnosis"
    var diagnosis: DiagnosisReport
  }

  private func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  private func line(_ text: String) throws {
    do {
      try stream.write(text + "\n")
    } catch {
      throw Output.failure(error)
    }
  }

  private func colour(of kind: WireEvent.Kind) -> Terminal.Colour? {
    switch kind {
    case .dhcpNak, .tftpError, .tftpStalled, .tftpAborted, .httpError, .httpStalled, .httpAborted,
      .connectionUnanswered, .connectionRefused, .tlsAlert, .tlsAborted, .arpUnanswered,
      .neighborUnanswered, .nameUnresolved, .icmpUnreachable, .fragmentsMissing, .malformed:
      .bad
    case .tftpComplete, .httpComplete, .dhcpAck, .dhcpv6Reply: .good
    default: nil
    }
  }
}
