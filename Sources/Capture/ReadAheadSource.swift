import CaptureFile
import Dispatch
import Synchronization

/// A file that a thread of its own reads, some stretches ahead of who looks at it: the kernel's
/// copying takes longer than the looking, and costs no time where there is a second processor.
final class ReadAheadSource: ByteSource {
  private let stretches: Stretches
  /// What is being looked at: in a stretch, or in memory of its own.
  private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
  private var large: UnsafeMutableRawBufferPointer?
  private var endOffset = 0
  private var hasStretch = false
  private var atEnd = false

  /// Reads a file from where it is to its end.
  init(_ file: InputFile) {
    stretches = Stretches(file)
    DispatchQueue(label: "read ahead").async { [stretches] in stretches.fill() }
  }

  deinit {
    stretches.stop()
    large?.deallocate()
  }

  func bytes(from offset: Int, atLeast count: Int) throws(CaptureFileError)
    -> UnsafeRawBufferPointer
  {
    while endOffset - offset < count, !atEnd {
      try append(toLast: endOffset - offset)
    }
    return UnsafeRawBufferPointer(rebasing: bytes.suffix(endOffset - offset))
  }

  /// Takes the next stretch, with the last bytes of what is there in front of it.
  private func append(toLast count: Int) throws(CaptureFileError) {
    let rest = UnsafeRawBufferPointer(rebasing: bytes.suffix(count))
    let next: UnsafeMutableRawBufferPointer
    do throws(CaptureFileError) {
      next = try stretches.next(with: min(count, Stretches.margin))
    } catch {
      atEnd = true
      throw error
    }
    var outgrown: UnsafeMutableRawBufferPointer?
    if count <= Stretches.margin {
      next.copyMemory(from: rest)
      bytes = UnsafeRawBufferPointer(next)
    } else {
      let own = next.dropFirst(Stretches.margin)
      let joined = UnsafeMutableRawBufferPointer.allocate(
        byteCount: count + own.count, alignment: 16)
      joined.copyMemory(from: rest)
      UnsafeMutableRawBufferPointer(rebasing: joined[count...])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: own))
      bytes = UnsafeRawBufferPointer(joined)
      outgrown = joined
    }
    atEnd = bytes.count == count
    endOffset += bytes.count - count
    if hasStretch { stretches.giveBack() }
    hasStretch = true
    large?.deallocate()
    large = outgrown
  }
}

/// Stretches of memory that one thread fills and another looks at, in a circle.
private final class Stretches: @unchecked Sendable {
  /// Room before each stretch for what is left of the one before: the largest packet that any
  /// libpcap writes, and its header.
  static let margin = 264 << 10
  /// Bytes read at a time: so many that waking the other thread costs nothing beside them, so few
  /// that they are still in the processors' cache when they are looked at.
  private static let size = 512 << 10
  private static let number = 4

  private let file: InputFile
  private let memory = UnsafeMutableRawBufferPointer.allocate(
    byteCount: number * (margin + size), alignment: 4096)
  /// How many bytes each has, or why none could be read.
  private let outcomes = Mutex(
    [Result<Int, CaptureFileError>](repeating: .success(0), count: number))
  private let empty = DispatchSemaphore(value: 0)
  private let full = DispatchSemaphore(value: 0)
  private let isStopped = Atomic(false)
  private var looked = 0

  init(_ file: InputFile) {
    self.file = file
    // Not as its first value: a semaphore must not end below that.
    for _ in 0..<Self.number { empty.signal() }
  }

  deinit {
    memory.deallocate()
  }

  /// Fills one after the other until the file's end, a failure, or a stop.
  func fill() {
    for count in 0... {
      empty.wait()
      if isStopped.load(ordering: .relaxed) { return }
      let index = count % Self.number
      let outcome = Result { () throws(CaptureFileError) in try file.read(memory(of: index, 0)) }
      outcomes.withLock { $0[index] = outcome }
      full.signal()
      guard case .success(1...) = outcome else { return }
    }
  }

  /// Waits for the next one: its bytes, and so many of the room before them. At the end of the file
  /// it has none.
  func next(with room: Int) throws(CaptureFileError) -> UnsafeMutableRawBufferPointer {
    full.wait()
    let index = looked % Self.number
    looked += 1
    let count = try outcomes.withLock { $0[index] }.get()
    return UnsafeMutableRawBufferPointer(rebasing: memory(of: index, room)[..<(room + count)])
  }

  /// Lets the one that was looked at longest be filled again.
  func giveBack() {
    empty.signal()
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    empty.signal()
  }

  private func memory(of index: Int, _ room: Int) -> UnsafeMutableRawBufferPointer {
    let start = index * (Self.margin + Self.size) + Self.margin
    return UnsafeMutableRawBufferPointer(
      rebasing: memory[start - room..<start + Self.size])
  }
}
