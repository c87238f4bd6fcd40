/// The part of a stream of bytes that is being looked at, in one buffer that is used again.
struct InputWindow: ~Copyable {
  /// Fills memory with the next bytes and returns how many; 0 at the end.
  typealias Read = (UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int

  private var memory: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
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

  /// Where the next byte lies in the stream.
  var offset: Int { base + start }

  /// How many bytes are there to be looked at.
  var available: Int { end - start }

  /// What is there to be looked at; moves at the next `has` or `skip`.
  @inline(__always)
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[start..<end]) }

  /// Whether there are so many bytes more; reads until there are, or the stream ends.
  @inline(__always)
  mutating func has(_ count: Int) throws(CaptureFileError) -> Bool {
    if end - start >= count { return true }
    return try fill(count)
  }

  /// Takes bytes that are there away.
  @inline(__always)
  mutating func take(_ count: Int) {
    start += count
  }

  /// Takes bytes away, read or not; false when the stream ends before.
  mutating func skip(_ count: Int) throws(CaptureFileError) -> Bool {
    var left = count
    while left > 0 {
      if start == end, try !has(1) { return false }
      let step = min(left, end - start)
      start += step
      left -= step
    }
    return true
  }

  private mutating func fill(_ count: Int) throws(CaptureFileError) -> Bool {
    let kept = end - start
    if count > memory.count {
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 2, alignment: 16)
      larger.copyMemory(from: bytes)
      memory.deallocate()
      memory = larger
    } else if kept > 0, let first = memory.baseAddress {
      first.copyMemory(overlapping: start, count: kept)
    }
    base += start
    start = 0
    end = kept
    while end < count, !atEnd {
      let got = try read(UnsafeMutableRawBufferPointer(rebasing: memory[end...]))
      if got == 0 { atEnd = true }
      end += got
    }
    return end >= count
  }
}

extension UnsafeMutableRawPointer {
  /// Moves bytes at an offset to the beginning.
  fileprivate func copyMemory(overlapping offset: Int, count: Int) {
    if offset > 0 { copyMemory(from: self + offset, byteCount: count) }
  }
}
