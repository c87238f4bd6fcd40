import CPcap
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

  /// Why libpcap cannot be loaded; `nil` once it is.
  private static let notLoaded: String? = cpcap_load().map { String(cString: $0) }

  /// An active, non-blocking capture on an interface of the current network namespace.
  static func live(
    interface: String, filter: CaptureFilter?, _ settings: LiveCapture.Settings
  ) throws(CaptureError) -> CaptureHandle {
    if let notLoaded {
      throw CaptureError(
        source: interface, operation: .open,
        reason: "libpcap is not there (the package libpcap0.8): \(notLoaded)")
    }
    var text = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let pointer = pcap_create(interface, &text) else {
      throw CaptureError(source: interface, operation: .open, reason: string(text))
    }
    pcap_set_snaplen(pointer, Int32(clamping: settings.snapshotLength))
    pcap_set_promisc(pointer, settings.isPromiscuous ? 1 : 0)
    switch settings.delivery {
    case .immediate: pcap_set_immediate_mode(pointer, 1)
    case .batches(let milliseconds): pcap_set_timeout(pointer, Int32(clamping: milliseconds))
    }
    pcap_set_buffer_size(pointer, Int32(clamping: settings.bufferSize))
    // Refused by an interface that cannot; then the timestamps are in microseconds.
    pcap_set_tstamp_precision(pointer, PCAP_TSTAMP_PRECISION_NANO)
    let status = pcap_activate(pointer)
    guard status >= 0 else {
      let detail = String(cString: pcap_geterr(pointer))
      let meaning = String(cString: pcap_statustostr(status))
      pcap_close(pointer)
      throw CaptureError(
        source: interface, operation: status == PCAP_ERROR_PERM_DENIED ? .permission : .activate,
        reason: detail.isEmpty ? meaning : "\(meaning): \(detail)")
    }
    let handle = CaptureHandle(pointer: pointer, source: interface)
    if let filter { try handle.set(filter) }
    guard pcap_setnonblock(pointer, 1, &text) == 0 else {
      throw CaptureError(source: interface, operation: .activate, reason: string(text))
    }
    return handle
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

  /// Hands the packets that are there to a handler, in order; returns how many, of which none means
  /// that there are no more.
  func deliver(_ handler: (CapturedPacket) -> Void) throws(CaptureError) -> Int {
    try withoutActuallyEscaping(handler) { handler throws(CaptureError) in
      // libpcap's callback takes one pointer: to what it needs.
      var delivery = Delivery(handler: handler, fractionScale: fractionScale)
      let count = withUnsafeMutablePointer(to: &delivery) { delivery in
        pcap_dispatch(
          pointer, -1,
          { context, header, data in
            guard let header = header?.pointee, let data, let context else { return }
            let delivery = UnsafeRawPointer(context).assumingMemoryBound(to: Delivery.self).pointee
            let nanoseconds =
              Int64(header.ts.tv_sec) * 1_000_000_000
              + Int64(header.ts.tv_usec) * delivery.fractionScale
            delivery.handler(
              CapturedPacket(
                time: Timestamp(nanoseconds: nanoseconds), originalLength: Int(header.len),
                bytes: UnsafeRawBufferPointer(start: data, count: Int(header.caplen))))
          }, UnsafeMutableRawPointer(delivery).assumingMemoryBound(to: UInt8.self))
      }
      guard count >= 0 || count == PCAP_ERROR_BREAK else { throw error(.read) }
      return max(0, Int(count))
    }
  }

  private struct Delivery {
    var handler: (CapturedPacket) -> Void
    var fractionScale: Int64
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
