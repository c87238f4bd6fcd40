import PXEWire

/// A packet that shows something: where it is in the capture.
package struct PacketReference: Codable, Hashable, Sendable {
  /// The packet's number in the capture, from 1.
  package let frame: Int
  /// When it was captured.
  package let time: Timestamp

  /// A packet by number and time.
  package init(frame: Int, time: Timestamp) {
    self.frame = frame
    self.time = time
  }
}
