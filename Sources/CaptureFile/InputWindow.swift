/// Where a reader's bytes come from, a stretch at a time.
package protocol ByteSource: AnyObject {
  /// The bytes from an offset on: at least `count`, unless they end before. They are valid until
  /// the next call, whose offset is never less.
  func bytes(from offset: Int, atLeast count: Int) throws(CaptureFileError)
    -> UnsafeRawBufferPointer
}

/// The part of a source that is being looked at.
struct InputWindow: ~Copyable {
  /// What is there to be looked at; moves at the next `has` or `skip`.
  private(set) var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  /// Where the end of `bytes` lies in the source.
  private var endOffset = 0
  private let source: any ByteSource

  init(_ source: any ByteSource) {
    self.source = source
  }

  /// Where the next byte lies in the source.
  var offset: Int { endOffset - bytes.count }

  /// How many bytes are there to be looked at.
  var available: Int { bytes.count }

  /// Whether there are so many bytes more; reads until there are, or the source ends.
  @inline(__always)
  mutating func has(_ count: Int) throws(CaptureFileError) -> Bool {
    if bytes.count >= count { return true }
    return try fill(count)
  }

  /// Takes bytes that are there away.
  @inline(__always)
  mutating func take(_ count: Int) {
    bytes = UnsafeRawBufferPointer(rebasing: bytes[count...])
  }

  /// Takes bytes away, read or not; false when the source ends before.
  mutating func skip(_ count: Int) throws(CaptureFileError) -> Bool {
    var left = count
    while left > 0 {
      if bytes.isEmpty, try !has(1) { return false }
      let step = min(left, bytes.count)
      take(step)
      left -= step
    }
    return true
  }

  @inline(never)
  private mutating func fill(_ count: Int) throws(CaptureFileError) -> Bool {
    let offset = offset
    bytes = try source.bytes(from: offset, atLeast: count)
    endOffset = offset + bytes.count
    return bytes.count >= count
  }
}

/// A source that is read piece by piece into one buffer.
final class BufferedSource: ByteSource {
  /// Fills memory with the next bytes and returns how many; 0 at the end.
  typealias Read = (UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int

  private var memory: UnsafeMutableRawBufferPointer
  private var filled = 0
  /// Where the buffer's beginning lies in the stream.
  private var base = 0
  private var atEnd = false
  private let read: Read

  /// Large enough that a call of the system costs nothing beside the bytes, small enough that they
  /// are still in the processor's cache when they are looked at.
  private static let capacity = 256 << 10

  init(read: @escaping Read) {
    self.read = read
    memory = .allocate(byteCount: Self.capacity, alignment: 16)
  }

  deinit {
    memory.deallocate()
  }

  func bytes(from offset: Int, atLeast count: Int) throws(CaptureFileError)
    -> UnsafeRawBufferPointer
  {
    let rest = UnsafeRawBufferPointer(rebasing: memory[(offset - base)..<filled])
    if count > memory.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 2, alignment: 16)
      larger.copyMemory(from: rest)
      memory.deallocate()
      memory = larger
    } else if offset > base {
      memory.copyMemory(from: rest)
    }
    base = offset
    filled = rest.count
    while filled < count, !atEnd {
      let got = try read(UnsafeMutableRawBufferPointer(rebasing: memory[filled...]))
      if got == 0 { atEnd = true }
      filled += got
    }
    return UnsafeRawBufferPointer(rebasing: memory[..<filled])
  }
}
