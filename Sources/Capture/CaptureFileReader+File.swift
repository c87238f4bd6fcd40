import CaptureFile
import Glibc

extension CaptureFileReader {
  /// Opens a capture file, or standard input for `-`: pcap or pcapng, packed with gzip or not.
  ///
  /// - Parameter name: what errors call it; its path without one.
  /// - Throws: `CaptureFileError` when there is no such file, it cannot be read, or it is no capture.
  package init(path: String, name: String? = nil) throws(CaptureFileError) {
    let name = name ?? path
    let input = try InputFile(path: path, name: name)
    if input.isPlainFile {
      try self.init(file: name, source: ReadAheadSource(input))
    } else {
      try self.init(file: name) { memory throws(CaptureFileError) in try input.read(memory) }
    }
  }
}

/// Owns a file descriptor that is read from its beginning to its end.
final class InputFile {
  private let descriptor: Int32
  private let name: String
  private var offset = 0

  init(path: String, name: String) throws(CaptureFileError) {
    self.name = name
    descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure() }
    // The kernel reads ahead twice as far.
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  deinit {
    close(descriptor)
  }

  /// Whether it is a file on a disk, at its beginning and not packed.
  var isPlainFile: Bool {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      // A file given as standard input may have been read from already.
      lseek(descriptor, 0, SEEK_CUR) == 0
    else { return false }
    var magic: [UInt8] = [0, 0]
    return pread(descriptor, &magic, 2, 0) == 2 && magic != [0x1f, 0x8b]
  }

  /// Fills memory with the next bytes; returns how many, 0 at the end.
  func read(_ memory: UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int {
    while true {
      let count = Glibc.read(descriptor, memory.baseAddress, memory.count)
      if count >= 0 {
        offset += count
        return count
      }
      guard errno == EINTR else { throw failure() }
    }
  }

  private func failure() -> CaptureFileError {
    CaptureFileError(
      kind: .unreadable, file: name, offset: offset, reason: String(cString: strerror(errno)))
  }
}
