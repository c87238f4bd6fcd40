/// The port of a namespace that was made for a program (`pxelab exec`).
public struct ProgramPort: Codable, Sendable, Hashable {
  /// The attachment, as people call it.
  public var attachment: String
  /// The bridge's device.
  public var bridge: String
  /// The port, with the namespace at its far end.
  public var port: PortPlan

  /// A port.
  public init(attachment: String, bridge: String, port: PortPlan) {
    self.attachment = attachment
    self.bridge = bridge
    self.port = port
  }
}
