import PXEWire

/// One captured packet. Its bytes are lent: they are gone when the handler that is given it returns.
public struct CapturedPacket {
  /// When it was captured.
  public let time: Timestamp
  /// How long it was on the wire, in bytes.
  public let originalLength: Int
  /// What was kept of it, from the link-layer header on.
  public let bytes: UnsafeRawBufferPointer

  /// A packet.
  public init(time: Timestamp, originalLength: Int, bytes: UnsafeRawBufferPointer) {
    self.time = time
    self.originalLength = originalLength
    self.bytes = bytes
  }
}

/// What the kernel and libpcap counted (pcap_stats(3PCAP)).
public struct CaptureStatistics: Hashable, Sendable {
  /// Packets that passed the filter, those lost included.
  public var received: Int
  /// Packets lost because they were not read in time. A capture that lost packets proves no
  /// absence.
  public var dropped: Int
  /// Packets lost by the interface or its driver.
  public var droppedByInterface: Int

  /// Counts.
  public init(received: Int = 0, dropped: Int = 0, droppedByInterface: Int = 0) {
    self.received = received
    self.dropped = dropped
    self.droppedByInterface = droppedByInterface
  }

  /// The counts of several captures together.
  public static func + (left: Self, right: Self) -> Self {
    CaptureStatistics(
      received: left.received + right.received, dropped: left.dropped + right.dropped,
      droppedByInterface: left.droppedByInterface + right.droppedByInterface)
  }
}
