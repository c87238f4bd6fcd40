import Diagnosis
import PXEWire

/// What a lab has seen of a machine's boots.
package struct BootObservation: Codable, Sendable, Hashable {
  /// Whether it is on.
  package var isOn: Bool
  /// The domain's description: what runs, or what the next start takes; `nil` of a machine that is
  /// not defined.
  package var domainXML: String?
  /// `bootindex` of the running QEMU's devices by their identifiers; `nil` of one that is off, or that
  /// does not say.
  package var bootIndexes: [String: Int]?
  /// What its console said of its boots, in order.
  package var console: [ConsoleEvent]
  /// What its cards did on the wire, in order.
  package var wire: [WireEvent]
  /// When it was started or reset.
  package var starts: [Timestamp]

  /// An observation.
  package init(
    isOn: Bool, domainXML: String?, bootIndexes: [String: Int]?, console: [ConsoleEvent],
    wire: [WireEvent], starts: [Timestamp]
  ) {
    self.isOn = isOn
    self.domainXML = domainXML
    self.bootIndexes = bootIndexes
    self.console = console
    self.wire = wire
    self.starts = starts
  }
}
