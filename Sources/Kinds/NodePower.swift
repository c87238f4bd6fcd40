import Objects

/// Whether a node has power, as its object says: in an annotation, which people and `pxelab node power`
/// write and the lab's supervisor carries out.
package enum NodePower: String, Sendable {
  /// The node runs.
  case on
  /// Its first process is killed, and all that runs on it ends at once.
  case off

  /// The annotation.
  package static let annotation = "pxelab.dev/power"

  /// What a Node's object says; a node without the annotation has power.
  package init(of node: ObjectNode) {
    self =
      node["metadata", "annotations", Self.annotation]?.string == Self.off.rawValue ? .off : .on
  }
}
