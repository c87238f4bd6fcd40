import CZlib

/// Unpacks a gzip file (RFC 1952) of one or several members as it is read, in bounded memory.
final class GzipStream {
  private var stream = z_stream()
  private let file: String
  private let input: UnsafeMutableRawBufferPointer
  private let read: BufferedSource.Read
  private var taken = 0
  private var ended = false
  private var inMember = true
  /// Why nothing comes after what was unpacked.
  private var failure: CaptureFileError?
  /// Whether the file ended within a member.
  private(set) var isCut = false

  /// - Parameter first: what was already read of the file.
  init(
    file: String, first: UnsafeRawBufferPointer, read: @escaping BufferedSource.Read
  ) throws(CaptureFileError) {
    self.file = file
    self.read = read
    input = .allocate(byteCount: max(64 << 10, first.count), alignment: 16)
    input.copyMemory(from: first)
    guard pxelab_inflate_init_gzip(&stream) == Z_OK else {
      input.deallocate()
      throw CaptureFileError(kind: .unreadable, file: file, offset: 0, reason: "out of memory")
    }
    feed(first.count)
  }

  deinit {
    inflateEnd(&stream)
    input.deallocate()
  }

  /// Fills memory with the next unpacked bytes; returns how many, 0 at the end.
  func unpack(_ output: UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int {
    let room = min(output.count, Int(UInt32.max))
    stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_out = UInt32(room)
    while stream.avail_out == UInt32(room), !ended {
      if let failure { throw failure }
      if stream.avail_in == 0 {
        let count = try read(input)
        guard count > 0 else {
          ended = true
          isCut = inMember
          break
        }
        feed(count)
      }
      step()
    }
    return room - Int(stream.avail_out)
  }

  private func feed(_ count: Int) {
    stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.avail_in = UInt32(count)
    taken += count
  }

  private func step() {
    if !inMember {
      // Padding of zeros after the last member is usual; anything else that is no member is not.
      guard stream.next_in.pointee == 0x1f else {
        ended = true
        return
      }
      inflateReset(&stream)
      inMember = true
    }
    switch inflate(&stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: inMember = false
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "not gzip"
      failure = CaptureFileError(
        kind: .unreadable, file: file, offset: taken - Int(stream.avail_in),
        reason: "the gzip file is damaged at byte \(taken - Int(stream.avail_in)): \(reason)")
    }
  }
}
