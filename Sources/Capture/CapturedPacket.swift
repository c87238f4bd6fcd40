/// One captured frame.
public struct CapturedPacket: Hashable, Sendable {
  /// When it was captured, in nanoseconds since 1970-01-01 UTC.
  public var timestamp: Int64
  /// How long it was on the wire, in bytes.
  public var originalLength: Int
  /// What was kept of it, from the link-layer header on.
  public var bytes: [UInt8]

  /// A frame.
  public init(timestamp: Int64, originalLength: Int, bytes: [UInt8]) {
    self.timestamp = timestamp
    self.originalLength = originalLength
    self.bytes = bytes
  }
}

/// What the kernel and libpcap counted (pcap_stats(3PCAP)).
public struct CaptureStatistics: Hashable, Sendable {
  /// Packets that passed the filter.
  public var received: Int
  /// Packets lost because they were not read in time. A capture that lost packets proves no
  /// absence.
  public var dropped: Int
  /// Packets lost by the interface or its driver.
  public var droppedByInterface: Int
}
