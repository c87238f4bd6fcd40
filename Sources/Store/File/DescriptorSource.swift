import FileSystem
import Glibc

/// An open file's bytes, as many as it had when it was looked at.
struct DescriptorSource: ByteSource {
  let count: Int
  private let descriptor: Int32
  private let path: String

  init(_ descriptor: Int32, path: String) throws(FileError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError("read \(path)") }
    // A folder or a device in the file's place.
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError("read \(path)", errno: EINVAL) }
    count = Int(status.st_size)
    self.descriptor = descriptor
    self.path = path
  }

  func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var read = 0
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while read < count {
        let now = pread(
          descriptor, buffer.baseAddress.map { $0 + read }, count - read, off_t(offset + read))
        if now < 0, errno == EINTR { continue }
        guard now > 0 else {
          failure = FileError("read \(path)", errno: now < 0 ? errno : EIO)
          break
        }
        read += now
      }
      initialized = read
    }
    if let failure { throw failure }
    return bytes
  }
}
