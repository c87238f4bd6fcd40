import FileSystem

/// Bytes that can be read from any place.
protocol ByteSource {
  /// The number of bytes.
  var count: Int { get }
  /// Bytes that are there.
  func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8]
}

extension [UInt8]: ByteSource {
  func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    Array(self[offset..<offset + count])
  }
}

/// The next step through a file.
enum FrameStep: Equatable {
  /// The payload of a whole frame.
  case payload([UInt8])
  /// The file ends with a whole frame.
  case end
  /// The last frame is torn; it and nothing else is to be cut off.
  case torn
  /// What is here was not written so.
  case damaged(String)
}

/// Reads frames from the front, and tells an end that a crash has torn from damage.
///
/// A crash tears only the last frame, since the writer begins the next one when the last is on the
/// disk. What it leaves is the frame's beginning, or, where the machine lost its power, a frame in
/// which whole sectors were never written and read as 0. That frame was never acknowledged.
/// Everything else is damage, wherever it is, the last frame too.
struct FrameReader<Source: ByteSource> {
  /// The sector's size, the least that a disk writes as a whole.
  static var sectorSize: Int { 512 }

  let source: Source
  /// Where the next frame begins, in bytes.
  private(set) var offset = 0

  init(_ source: Source) {
    self.source = source
  }

  mutating func next() throws(FileError) -> FrameStep {
    let left = source.count - offset
    if left == 0 { return .end }
    if left < Frame.headSize { return .torn }
    guard let head = Frame.head(try source.bytes(at: offset, count: Frame.headSize)) else {
      return try hasUnwrittenSector(to: source.count)
        ? .torn : .damaged("the head of a record does not have its checksum")
    }
    let end = offset + Frame.headSize + head.length + 1
    if end > source.count { return .torn }
    var payload = try source.bytes(at: offset + Frame.headSize, count: head.length + 1)
    let last = payload.removeLast()
    guard last == 0x0a, CRC32C.checksum(payload) == head.checksum else {
      let isTorn = end == source.count ? try hasUnwrittenSector(to: end) : false
      return isTorn
        ? .torn : .damaged("a record of \(head.length) bytes does not have its checksum")
    }
    offset = end
    return .payload(payload)
  }

  /// Whether a sector from the offset to `end`, or the part of it that is there, is 0 throughout.
  ///
  /// With a head that is lost, the frame's end is not known; a frame behind it shows that the
  /// writer went on, so that this one was whole once.
  private func hasUnwrittenSector(to end: Int) throws(FileError) -> Bool {
    var hasZeros = false
    var start = offset
    var text: [UInt8] = []
    while start < end {
      let next = min(end, (start / Self.sectorSize + 1) * Self.sectorSize)
      let sector = try source.bytes(at: start, count: next - start)
      if sector.allSatisfy({ $0 == 0 }) { hasZeros = true }
      // A head follows a newline, or a 0 in its place. No payload has either, whatever an object
      // says.
      text += sector
      for line in text.indices.dropLast(Frame.headSize) where text[line] == 0x0a || text[line] == 0
      {
        if Frame.head(Array(text[line + 1...line + Frame.headSize])) != nil { return false }
      }
      text.removeFirst(max(0, text.count - Frame.headSize - 1))
      start = next
    }
    return hasZeros
  }
}
