import CPcap
import Foundation
import PXEWire

/// Owns a `pcap_t` and closes it. One thread uses it at a time; `pcap_breakloop` is the exception
/// that libpcap allows.
final class CaptureHandle: @unchecked Sendable {
  let pointer: OpaquePointer
  let source: String
  let linkType: LinkType
  private let fractionScale: Int64

  private init(pointer: OpaquePointer, source: String) {
    self.pointer = pointer
    self.source = source
    linkType = LinkType(dataLink: pcap_datalink(pointer))
    fractionScale = pcap_get_tstamp_precision(pointer) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000
  }

  deinit {
    pcap_close(pointer)
  }

  /// An active, non-blocking capture on an interface of the current network namespace.
  static func live(
    interface: String, filter: CaptureFilter?, snapshotLength: Int, bufferSize: Int
  ) throws(CaptureError) -> CaptureHandle {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let pointer = pcap_create(interface, &text) else {
      throw CaptureError(source: interface, operation: .open, reason: string(text))
    }
    pcap_set_snaplen(pointer, Int32(clamping: snapshotLength))
    pcap_set_promisc(pointer, 1)
    pcap_set_immediate_mode(pointer, 1)
    pcap_set_buffer_size(pointer, Int32(clamping: bufferSize))
    // Refused by an interface that cannot; then the timestamps are in microseconds.
    pcap_set_tstamp_precision(pointer, PCAP_TSTAMP_PRECISION_NANO)
    let status = pcap_activate(pointer)
    guard status >= 0 else {
      let detail = String(cString: pcap_geterr(pointer))
      let meaning = String(cString: pcap_statustostr(status))
      pcap_close(pointer)
      throw CaptureError(
        source: interface, operation: .activate,
        reason: detail.isEmpty ? meaning : "\(meaning): \(detail)")
    }
    let handle = CaptureHandle(pointer: pointer, source: interface)
    if let filter { try handle.set(filter) }
    guard pcap_setnonblock(pointer, 1, &text) == 0 else {
      throw CaptureError(source: interface, operation: .activate, reason: string(text))
    }
    return handle
  }

  static func offline(file: String) throws(CaptureError) -> CaptureHandle {
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard
      let pointer = pcap_open_offline_with_tstamp_precision(
        file, UInt32(PCAP_TSTAMP_PRECISION_NANO), &text)
    else {
      throw CaptureError(source: file, operation: .open, reason: string(text))
    }
    return CaptureHandle(pointer: pointer, source: file)
  }

  func set(_ filter: CaptureFilter) throws(CaptureError) {
    var program = bpf_program()
    guard pcap_compile(pointer, &program, filter.expression, 1, bpf_u_int32.max) == 0 else {
      throw error(.filter(filter.expression))
    }
    defer { pcap_freecode(&program) }
    guard pcap_setfilter(pointer, &program) == 0 else {
      throw error(.filter(filter.expression))
    }
  }

  /// The next packet; `nil` when there is none now (live) or no more (offline).
  func next() throws(CaptureError) -> CapturedPacket? {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var data: UnsafePointer<UInt8>?
    let status = pcap_next_ex(pointer, &header, &data)
    guard status >= 0 || status == PCAP_ERROR_BREAK else { throw error(.read) }
    guard status == 1, let header = header?.pointee, let data else { return nil }
    return CapturedPacket(
      timestamp: Int64(header.ts.tv_sec) * 1_000_000_000 + Int64(header.ts.tv_usec) * fractionScale,
      originalLength: Int(header.len),
      bytes: Array(UnsafeBufferPointer(start: data, count: Int(header.caplen))))
  }

  func statistics() throws(CaptureError) -> CaptureStatistics {
    var counts = pcap_stat()
    guard pcap_stats(pointer, &counts) == 0 else { throw error(.read) }
    return CaptureStatistics(
      received: Int(counts.ps_recv), dropped: Int(counts.ps_drop),
      droppedByInterface: Int(counts.ps_ifdrop))
  }

  func error(_ operation: CaptureError.Operation) -> CaptureError {
    CaptureError(
      source: source, operation: operation, reason: String(cString: pcap_geterr(pointer)))
  }

  private static func string(_ text: [CChar]) -> String {
    String(decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}

extension LinkType {
  /// The link type of a `DLT_` value; the two differ only for raw IP.
  fileprivate init(dataLink: Int32) {
    self = dataLink == DLT_RAW ? .raw : LinkType(rawValue: UInt16(clamping: dataLink))
  }

  /// The `DLT_` value.
  var dataLink: Int32 { self == .raw ? DLT_RAW : Int32(rawValue) }
}
