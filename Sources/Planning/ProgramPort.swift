/// The port of a namespace that was made for a program (`pxelab exec`).
package struct ProgramPort: Codable, Sendable, Hashable {
  /// The attachment, as people call it.
  package var attachment: String
  /// The bridge's device.
  package var bridge: String
  /// The port, with the namespace at its far end.
  package var port: PortPlan

  /// A port.
  package init(attachment: String, bridge: String, port: PortPlan) {
    self.attachment = attachment
    self.bridge = bridge
    self.port = port
  }
}
