import PXEWire

/// A packet that shows something: where it is in the capture.
public struct PacketReference: Codable, Hashable, Sendable {
  /// The packet's number in the capture, from 1.
  public let frame: Int
  /// When it was captured.
  public let time: Timestamp

  /// A packet by number and time.
  public init(frame: Int, time: Timestamp) {
    self.frame = frame
    self.time = time
  }
}
