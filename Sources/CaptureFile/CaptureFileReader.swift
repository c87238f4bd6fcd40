import PXEWire

/// Reads a capture, pcap or pcapng, packed with gzip or not, from a stream of bytes: packet by
/// packet, in memory that does not grow with the file.
///
/// Formats: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng.
package struct CaptureFileReader: ~Copyable {
  /// The formats.
  package enum Format: String, Hashable, Sendable {
    case pcap, pcapng
  }

  /// The file, as the reader was told.
  package let file: String
  /// The format.
  package private(set) var format: Format
  /// The interfaces known so far. pcap has one; pcapng describes each before its first packet.
  package internal(set) var interfaces: [CaptureInterface] = []
  /// How many packets were read, those passed over included.
  package internal(set) var packets = 0
  /// Packets passed over because their link-layer header is not decoded, by its type.
  package internal(set) var skipped: [LinkType: Int] = [:]
  /// Where the file ends within a record; `nil` when it ends where it should, or has not ended yet.
  package internal(set) var cut: CaptureCut?
  /// Names that the file gives addresses, the first 10,000 (pcapng).
  package internal(set) var names: [CaptureName] = []
  /// Comments on the whole capture, the first 1,000 (pcapng).
  package internal(set) var comments: [String] = []

  var window: InputWindow
  var pcap = PcapState()
  var pcapng = PcapngState()
  var lastTime = Timestamp(nanoseconds: 0)
  private let stream: UnpackedStream?
  private var ended = false

  /// Begins to read: looks at the file's first bytes.
  ///
  /// - Parameters:
  ///   - file: what errors call it.
  ///   - read: fills memory with the stream's next bytes and returns how many; 0 at its end.
  /// - Throws: `CaptureFileError` when it is no capture, or of a kind that is not read.
  package init(
    file: String,
    read: @escaping (UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int
  ) throws(CaptureFileError) {
    let stream = UnpackedStream(file: file, read: read)
    try self.init(
      file: file,
      window: InputWindow(
        BufferedSource { output throws(CaptureFileError) in try stream.read(output) }),
      stream: stream)
  }

  /// Begins to read what is in memory, or comes there by stretches; a file that is packed is not
  /// unpacked.
  ///
  /// - Parameters:
  ///   - file: what errors call it.
  ///   - source: the file's bytes.
  /// - Throws: `CaptureFileError` when it is no capture, or of a kind that is not read.
  package init(file: String, source: any ByteSource) throws(CaptureFileError) {
    try self.init(file: file, window: InputWindow(source), stream: nil)
  }

  private init(
    file: String, window: consuming InputWindow, stream: UnpackedStream?
  ) throws(CaptureFileError) {
    self.file = file
    format = .pcap
    self.stream = stream
    self.window = window
    let isLongEnough = try self.window.has(4)
    guard let format = Self.format(of: self.window.bytes) else {
      throw CaptureFileError(
        kind: .unsupported, file: file, offset: 0,
        reason: !isLongEnough && stream?.isCut == true
          ? "the gzip file is cut off before the capture begins"
          : Self.reasonAgainst(self.window.bytes, isLongEnough))
    }
    self.format = format
    if format == .pcap { try beginPcap() }
  }

  /// The next packet whose link-layer header can be decoded; `nil` at the end.
  ///
  /// - Throws: `CaptureFileError` where the file contradicts its format; everything before it has
  ///   been returned.
  package mutating func next() throws(CaptureFileError) -> CaptureRecord? {
    if ended { return nil }
    let record =
      switch format {
      case .pcap: try nextOfPcap()
      case .pcapng: try nextOfPcapng()
      }
    if record == nil {
      ended = true
      if cut == nil, stream?.isCut == true { noteCut(at: window.offset) }
    }
    return record
  }

  mutating func noteCut(at offset: Int) {
    cut = CaptureCut(offset: offset, packets: packets)
  }

  func damaged(at offset: Int, _ reason: String) -> CaptureFileError {
    CaptureFileError(kind: .damaged, file: file, offset: offset, reason: reason)
  }
}
