import FileSystem
import Glibc

/// The end of a log.
enum LastWords {
  private static let mostBytes: Int64 = 4 << 10
  private static let mostLines = 12

  /// The last lines that were written to a log from a place on.
  static func read(_ path: String, from start: Int64) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    let size = Int64(lseek(descriptor, 0, SEEK_END))
    let begin = max(start <= size ? start : 0, size - mostBytes)
    guard size > begin else { return "" }
    var bytes = [UInt8](repeating: 0, count: Int(size - begin))
    let count = pread(descriptor, &bytes, bytes.count, off_t(begin))
    guard count > 0 else { return "" }
    let lines = String(decoding: bytes.prefix(count), as: UTF8.self).split(separator: "\n")
    return lines.suffix(mostLines).joined(separator: "\n")
  }

  /// Where the next words will stand.
  static func size(of path: String) -> Int64 {
    Int64(Files.size(of: path) ?? 0)
  }
}
