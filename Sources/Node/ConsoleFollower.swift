import Dispatch
import FileSystem
import Glibc
import Objects
import Synchronization

/// Follows files that others append to, by inotify(7), on a thread of its own.
///
/// A node has one for as long as it lives. The thread waits in a read that nothing ends, so the
/// descriptor is never closed: its number would be another file's, and the thread would read that.
final class ConsoleFollower: Sendable {
  private struct File {
    var key: ObjectKey
    var descriptor: Int32
  }

  private let inotify: Int32
  private let files = Mutex<[Int32: File]>([:])
  private let receive: @Sendable (ObjectKey, [UInt8]) -> Void

  /// A follower of no file yet.
  ///
  /// - Parameter receive: called on the thread with what was appended to a file.
  /// - Throws: `FileError`.
  init(receive: @escaping @Sendable (ObjectKey, [UInt8]) -> Void) throws {
    inotify = inotify_init1(Int32(IN_CLOEXEC))
    guard inotify >= 0 else { throw FileError("watch the consoles") }
    self.receive = receive
    let descriptor = inotify
    DispatchQueue(label: "consoles").async { [weak self] in
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0, let self else { return }
        for watch in Self.watches(in: buffer[..<count]) { drain(watch) }
      }
    }
  }

  /// Follows a file, made empty if it is missing, from its end on; one that is followed already goes on
  /// under the new name.
  ///
  /// - Throws: `FileError` when it cannot be watched.
  func follow(_ path: String, as key: ObjectKey) throws {
    let descriptor = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("open \(path)") }
    lseek(descriptor, 0, SEEK_END)
    let watch = inotify_add_watch(inotify, path, UInt32(IN_MODIFY))
    guard watch >= 0 else {
      let error = FileError("watch \(path)")
      close(descriptor)
      throw error
    }
    let former = files.withLock { files in
      files.updateValue(File(key: key, descriptor: descriptor), forKey: watch)
    }
    if let former { close(former.descriptor) }
  }

  private func drain(_ watch: Int32) {
    guard let file = files.withLock({ $0[watch] }) else { return }
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(file.descriptor, &buffer, buffer.count)
      guard count > 0 else { return }
      receive(file.key, Array(buffer[..<count]))
    }
  }

  /// The watch descriptors of a buffer of `struct inotify_event`: four 32-bit fields (wd, mask,
  /// cookie, len) and len bytes of name.
  private static func watches(in buffer: ArraySlice<UInt8>) -> Set<Int32> {
    var watches: Set<Int32> = []
    buffer.withUnsafeBytes { bytes in
      var offset = 0
      while offset + 16 <= bytes.count {
        watches.insert(bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
        offset += 16 + Int(bytes.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
      }
    }
    return watches
  }
}
