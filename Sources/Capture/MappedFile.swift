import CaptureFile
import Foundation

/// A file in memory, a stretch at a time: what is not looked at is not copied, and what has been
/// looked at is let go.
final class MappedFile: ByteSource {
  private let descriptor: Int32
  private let name: String
  private var mapping = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Bytes mapped at a time: larger ones are no faster.
  private static let stretch = 8 << 20

  /// - Parameter descriptor: of a regular file; closed at the end.
  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  deinit {
    unmap()
    close(descriptor)
  }

  func bytes(from offset: Int, atLeast count: Int) throws(CaptureFileError)
    -> UnsafeRawBufferPointer
  {
    unmap()
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(at: offset) }
    let start = offset / page * page
    let length = min(max(Self.stretch, offset - start + count), Int(status.st_size) - start)
    guard length > offset - start else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    guard
      let address = mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, off_t(start)),
      address != MAP_FAILED
    else { throw failure(at: offset) }
    madvise(address, length, Int32(MADV_SEQUENTIAL))
    mapping = UnsafeMutableRawBufferPointer(start: address, count: length)
    return UnsafeRawBufferPointer(rebasing: mapping[(offset - start)...])
  }

  private func unmap() {
    if let address = mapping.baseAddress { munmap(address, mapping.count) }
    mapping = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  }

  private func failure(at offset: Int) -> CaptureFileError {
    CaptureFileError(
      kind: .unreadable, file: name, offset: offset, reason: String(cString: strerror(errno)))
  }
}
