import PXEWire

/// The packets of a capture file, pcap or pcapng, in order.
public struct OfflineCapture {
  /// The link-layer header of the packets.
  public var linkType: LinkType { handle.linkType }

  private let handle: CaptureHandle

  /// Opens a capture file.
  ///
  /// - Throws: `CaptureError` when there is no such file, or it is no capture.
  public init(file: String, filter: CaptureFilter? = nil) throws(CaptureError) {
    handle = try CaptureHandle.offline(file: file)
    if let filter { try handle.set(filter) }
  }

  /// The next packet; `nil` after the last.
  ///
  /// - Throws: `CaptureError` where the file is cut off or damaged.
  public func next() throws(CaptureError) -> CapturedPacket? {
    try handle.next()
  }

  /// All packets that are left.
  ///
  /// - Throws: `CaptureError` where the file is cut off or damaged.
  public func packets() throws(CaptureError) -> [CapturedPacket] {
    var packets: [CapturedPacket] = []
    while let packet = try next() { packets.append(packet) }
    return packets
  }
}
