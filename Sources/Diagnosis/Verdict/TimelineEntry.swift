import Addresses
import PXEWire

/// A line of a machine's history, from the wire or from its console.
package struct TimelineEntry: Codable, Hashable, Sendable {
  /// When.
  package let time: Timestamp
  /// Where it was seen.
  package let source: Source
  /// The kind of event: a `WireEvent.Kind` or a `ConsoleEvent.Kind`.
  package let kind: String
  /// The VLAN, for tagged frames.
  package let vlan: VLANID?
  /// The frame's number in the capture.
  package let frame: Int?
  /// One line for people.
  package let text: String

  /// Where an event was seen.
  package enum Source: String, Codable, Hashable, Sendable {
    case wire, console
  }

  /// An event of the wire as a line.
  package init(_ event: WireEvent) {
    time = event.time
    source = .wire
    kind = event.kind.rawValue
    vlan = event.vlan
    frame = event.frame == 0 ? nil : event.frame
    text = event.text
  }

  /// An event of the console as a line.
  package init(_ event: ConsoleEvent) {
    time = event.time
    source = .console
    kind = event.kind.rawValue
    vlan = nil
    frame = nil
    text = event.text
  }

  /// The milestones of both, by time; of one moment, the wire's first.
  static func merged(_ wire: [WireEvent], _ console: [ConsoleEvent]) -> [TimelineEntry] {
    let entries = wire.filter(\.isMilestone).map(Self.init) + console.map(Self.init)
    return entries.enumerated()
      .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      .map(\.element)
  }
}
