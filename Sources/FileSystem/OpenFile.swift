import FoundationEssentials
import Glibc

/// A file, or an end of a pipe, that this process has opened; closed with the last reference to it.
package final class OpenFile: Sendable {
  /// Valid for as long as the object is.
  package let descriptor: Int32
  private let name: String

  /// Opens the file at a path; no program that this process starts inherits it.
  ///
  /// - Parameters:
  ///   - flags: as of open(2).
  ///   - mode: the permissions of a file that `O_CREAT` makes.
  /// - Throws: ``FileError`` when it cannot be opened.
  package init(_ path: String, _ flags: Int32, mode: mode_t = 0o600) throws(FileError) {
    name = path
    descriptor = open(path, flags | O_CLOEXEC, mode)
    guard descriptor >= 0 else {
      throw FileError("\(flags & O_ACCMODE == O_RDONLY ? "read" : "write") \(path)")
    }
  }

  /// Takes a descriptor that is open.
  ///
  /// - Parameter name: what errors call it.
  package init(owning descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Writes bytes.
  ///
  /// - Throws: ``FileError`` when not all of them could be written.
  package func write(_ bytes: Data) throws(FileError) {
    try Self.write(bytes, to: descriptor, "write \(name)")
  }

  /// All that there is from here on.
  ///
  /// - Throws: ``FileError`` when it cannot be read to its end.
  package func readToEnd() throws(FileError) -> Data {
    try Self.readToEnd(of: descriptor, "read \(name)")
  }

  /// Reads until so many bytes have come, or the end.
  ///
  /// - Throws: ``FileError`` when it cannot be read.
  package func read(upTo count: Int) throws(FileError) -> Data {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let read = bytes.withUnsafeMutableBytes { buffer in
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        return Glibc.read(descriptor, rest.baseAddress, rest.count)
      }
      if read == 0 { break }
      if read > 0 { filled += read } else if errno != EINTR { throw FileError("read \(name)") }
    }
    return Data(bytes[..<filled])
  }

  /// Up to so many bytes from a place on, which may be fewer before the end too; none there. Where the
  /// file is read otherwise stays as it is.
  ///
  /// - Throws: ``FileError`` when it cannot be read.
  package func read(upTo count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var read = -1
      repeat {
        read = pread(descriptor, buffer.baseAddress, count, offset)
      } while read < 0 && errno == EINTR
      if read < 0 { failure = FileError("read \(name)") }
      filled = max(0, read)
    }
    if let failure { throw failure }
    return bytes
  }

  /// How many bytes the file has now.
  ///
  /// - Throws: ``FileError``.
  package var size: Int {
    get throws(FileError) {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { throw FileError("look at \(name)") }
      return Int(status.st_size)
    }
  }

  /// Writes to a descriptor; `action` is what errors say was attempted.
  static func write(
    _ bytes: Data, to descriptor: Int32, _ action: @autoclosure () -> String
  ) throws(FileError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // Somebody who shares the file has made it non-blocking.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, -1)
      } else if errno != EINTR {
        throw FileError(action())
      }
    }
  }

  /// Reads a descriptor to its end, also of files that do not know their length, such as those of
  /// proc(5); `action` is what errors say was attempted.
  static func readToEnd(
    of descriptor: Int32, _ action: @autoclosure () -> String
  ) throws(FileError) -> Data {
    var status = stat()
    let known = fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
    // One byte more, so that the end is seen without room for more.
    var bytes = Data(count: max(known + 1, 4096))
    var filled = 0
    while true {
      if filled == bytes.count { bytes.count *= 2 }
      let count = bytes.withUnsafeMutableBytes { buffer in
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        return Glibc.read(descriptor, rest.baseAddress, rest.count)
      }
      if count == 0 { break }
      if count > 0 { filled += count } else if errno != EINTR { throw FileError(action()) }
    }
    bytes.count = filled
    return bytes
  }
}
