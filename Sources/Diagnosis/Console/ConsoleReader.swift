import FoundationEssentials
import PXEWire

/// Reads a serial console as it comes: bytes in, lines and events out. Escape sequences are left
/// out; characters, lines and sequences may be split between calls anywhere.
package struct ConsoleReader: Sendable {
  /// What one call brought about.
  package struct Output: Sendable {
    /// The lines completed, without escape sequences and without empty ones.
    package var lines: [String] = []
    /// What they say of the boot.
    package var events: [ConsoleEvent] = []
  }

  /// The longest line in bytes; a longer one is broken here.
  package static let longestLine = 1 << 20

  private var filter = EscapeFilter()
  private var line: [UInt8] = []
  /// What was already said of the line that is not complete.
  private var announced: ConsoleEvent.Kind?

  /// A reader at the beginning of a console.
  package init() {}

  /// Takes bytes in as they came.
  package mutating func read(_ bytes: some Sequence<UInt8>, at time: Timestamp) -> Output {
    var output = Output()
    for byte in bytes {
      switch filter.take(byte) {
      case .nothing: break
      case .backspace: if !line.isEmpty { line.removeLast() }
      case .lineEnd: finish(at: time, into: &output)
      case .byte(let byte):
        line.append(byte)
        if line.count >= Self.longestLine { finish(at: time, into: &output) }
      }
    }
    announce(at: time, into: &output)
    return output
  }

  /// Ends the console: what is left is a line.
  package mutating func finish(at time: Timestamp) -> Output {
    var output = Output()
    finish(at: time, into: &output)
    return output
  }

  private mutating func finish(at time: Timestamp, into output: inout Output) {
    defer {
      line.removeAll(keepingCapacity: true)
      announced = nil
    }
    let text = String(decoding: line, as: UTF8.self)
    guard text.contains(where: { $0 != " " }) else { return }
    output.lines.append(text)
    if let range = text.firstRange(of: GuestReport.marker) {
      output.events.append(Self.report(String(text[range.upperBound...]), text, at: time))
    } else if let kind = ConsoleEvent.kind(of: text), kind != announced {
      output.events.append(ConsoleEvent(kind: kind, time: time, text: text.trimmingSpaces))
    }
  }

  /// The firmware ends `>>Start PXE over IPv4` only when the attempt is over, and who waits at a
  /// prompt ends no line: say it at once.
  private mutating func announce(at time: Timestamp, into output: inout Output) {
    guard announced == nil, (5..<200).contains(line.count) else { return }
    let text = String(decoding: line, as: UTF8.self)
    guard let kind = ConsoleEvent.kind(of: text) else { return }
    switch kind {
    case .startPXE, .startHTTP:
      guard text.contains("over IPv4") || text.contains("over IPv6") else { return }
    case .grubPrompt, .grubRescue: break
    default: return
    }
    announced = kind
    output.events.append(ConsoleEvent(kind: kind, time: time, text: text.trimmingSpaces))
  }

  private static func report(_ json: String, _ line: String, at time: Timestamp) -> ConsoleEvent {
    do {
      let report = try JSONDecoder().decode(GuestReport.self, from: Data(json.utf8))
      return ConsoleEvent(kind: .report, time: time, text: "the probe's report", report: report)
    } catch {
      return ConsoleEvent(
        kind: .reportUnreadable, time: time, text: line.trimmingSpaces, problem: "\(error)")
    }
  }
}
