import PXEWire

/// One captured packet. Its bytes are lent: they are gone when the handler that is given it returns.
package struct CapturedPacket {
  /// When it was captured.
  package let time: Timestamp
  /// How long it was on the wire, in bytes.
  package let originalLength: Int
  /// What was kept of it, from the link-layer header on.
  package let bytes: UnsafeRawBufferPointer

  /// A packet.
  package init(time: Timestamp, originalLength: Int, bytes: UnsafeRawBufferPointer) {
    self.time = time
    self.originalLength = originalLength
    self.bytes = bytes
  }

  /// The same with no more than so many bytes.
  package func cut(to length: Int) -> CapturedPacket {
    guard bytes.count > length else { return self }
    return CapturedPacket(
      time: time, originalLength: originalLength,
      bytes: UnsafeRawBufferPointer(rebasing: bytes[..<length]))
  }
}

/// What the kernel and libpcap counted (pcap_stats(3PCAP)).
package struct CaptureStatistics: Hashable, Sendable {
  /// Packets that passed the filter, those lost included.
  package var received: Int
  /// Packets lost because they were not read in time. A capture that lost packets proves no
  /// absence.
  package var dropped: Int
  /// Packets lost by the interface or its driver.
  package var droppedByInterface: Int

  /// Counts.
  package init(received: Int = 0, dropped: Int = 0, droppedByInterface: Int = 0) {
    self.received = received
    self.dropped = dropped
    self.droppedByInterface = droppedByInterface
  }

  /// The counts of several captures together.
  package static func + (left: Self, right: Self) -> Self {
    CaptureStatistics(
      received: left.received + right.received, dropped: left.dropped + right.dropped,
      droppedByInterface: left.droppedByInterface + right.droppedByInterface)
  }
}
