import CaptureFile
import Foundation

extension CaptureFileReader {
  /// Opens a capture file, or standard input for `-`: pcap or pcapng, packed with gzip or not.
  ///
  /// - Throws: `CaptureFileError` when there is no such file, it cannot be read, or it is no capture.
  public init(path: String) throws(CaptureFileError) {
    let name = path == "-" ? "standard input" : path
    let input = try InputFile(path: path, name: name)
    try self.init(file: name) { memory throws(CaptureFileError) in try input.read(memory) }
  }
}

/// Owns a file descriptor that is read from its beginning to its end.
private final class InputFile {
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

  func read(_ memory: UnsafeMutableRawBufferPointer) throws(CaptureFileError) -> Int {
    while true {
      let count = Foundation.read(descriptor, memory.baseAddress, memory.count)
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
