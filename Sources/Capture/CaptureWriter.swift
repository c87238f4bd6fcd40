import CPcap
import Foundation
import PXEWire
import Synchronization

/// Writes packets to a pcap file with timestamps in nanoseconds.
public final class CaptureWriter: @unchecked Sendable {
  /// libpcap's `pcap_dumper_t`, used under the lock only.
  private struct Dump: @unchecked Sendable {
    var pointer: OpaquePointer
  }

  private let file: String
  private let handle: OpaquePointer
  private let dump: Mutex<Dump?>

  /// Makes the file, or empties an existing one.
  ///
  /// - Throws: `CaptureError` when it cannot be written.
  public init(
    file: String, linkType: LinkType = .ethernet, snapshotLength: Int = 65_535
  ) throws(CaptureError) {
    self.file = file
    guard
      let handle = pcap_open_dead_with_tstamp_precision(
        linkType.dataLink, Int32(clamping: snapshotLength), UInt32(PCAP_TSTAMP_PRECISION_NANO))
    else {
      throw CaptureError(source: file, operation: .write, reason: "out of memory")
    }
    guard let dump = pcap_dump_open(handle, file) else {
      let reason = String(cString: pcap_geterr(handle))
      pcap_close(handle)
      throw CaptureError(source: file, operation: .write, reason: reason)
    }
    self.handle = handle
    self.dump = Mutex(Dump(pointer: dump))
  }

  deinit {
    dump.withLock { dump in
      if let dump { pcap_dump_close(dump.pointer) }
    }
    pcap_close(handle)
  }

  /// Appends a packet; it reaches the file at the next flush, or when the buffer is full.
  ///
  /// - Throws: `CaptureError` when the writer is closed or the disk is full.
  public func write(_ packet: CapturedPacket) throws(CaptureError) {
    try withDump { dump in
      var header = pcap_pkthdr()
      header.ts.tv_sec = Int(packet.timestamp / 1_000_000_000)
      header.ts.tv_usec = Int(packet.timestamp % 1_000_000_000)
      header.caplen = UInt32(packet.bytes.count)
      header.len = UInt32(clamping: packet.originalLength)
      pcap_dump(
        UnsafeMutableRawPointer(dump).assumingMemoryBound(to: UInt8.self), &header, packet.bytes)
      return ferror(pcap_dump_file(dump)) == 0
    }
  }

  /// Hands what was written to the kernel, so that others can read the file as far as it goes.
  ///
  /// - Throws: `CaptureError` when the writer is closed or the disk is full.
  public func flush() throws(CaptureError) {
    try withDump { pcap_dump_flush($0) == 0 }
  }

  /// Flushes and closes; closing twice is fine.
  ///
  /// - Throws: `CaptureError` when the last of it could not be written.
  public func close() throws(CaptureError) {
    let failed = dump.withLock { dump in
      guard let open = dump?.pointer else { return false }
      dump = nil
      let failed = pcap_dump_flush(open) != 0
      pcap_dump_close(open)
      return failed
    }
    if failed { throw failure() }
  }

  private func withDump(_ body: (OpaquePointer) -> Bool) throws(CaptureError) {
    let succeeded: Bool? = dump.withLock { $0.map { body($0.pointer) } }
    guard let succeeded else {
      throw CaptureError(source: file, operation: .write, reason: "closed")
    }
    guard succeeded else { throw failure() }
  }

  private func failure() -> CaptureError {
    CaptureError(source: file, operation: .write, reason: String(cString: strerror(errno)))
  }
}
