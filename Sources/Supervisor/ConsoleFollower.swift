import FileSystem
import Foundation
import Glibc

/// Follows files that others append to, by inotify(7), on a thread of its own.
final class ConsoleFollower: Sendable {
  private let inotify: Int32

  /// Follows `files`, each made empty if it is missing; `receive` is called on the thread with a
  /// file's index and what was appended to it.
  ///
  /// - Throws: `FileError` when a file cannot be watched.
  init(_ files: [String], receive: @escaping @Sendable (Int, [UInt8]) -> Void) throws {
    let inotify = inotify_init1(Int32(IN_CLOEXEC))
    guard inotify >= 0 else { throw FileError("watch the consoles") }
    var descriptors: [Int32] = []
    var indexes: [Int32: Int] = [:]
    for (index, file) in files.enumerated() {
      let descriptor = open(file, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw FileError("open \(file)") }
      let watch = inotify_add_watch(inotify, file, UInt32(IN_MODIFY))
      guard watch >= 0 else { throw FileError("watch \(file)") }
      descriptors.append(descriptor)
      indexes[watch] = index
    }
    self.inotify = inotify
    let follow = Follow(
      inotify: inotify, descriptors: descriptors, indexes: indexes, receive: receive)
    Thread.detachNewThread { follow.run() }
  }

  private struct Follow: Sendable {
    let inotify: Int32
    let descriptors: [Int32]
    let indexes: [Int32: Int]
    let receive: @Sendable (Int, [UInt8]) -> Void

    func run() {
      var buffer = [UInt8](repeating: 0, count: 4096)
      for index in descriptors.indices { drain(index) }
      while true {
        let count = read(inotify, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        for watch in Self.watches(in: buffer[..<count]) {
          if let index = indexes[watch] { drain(index) }
        }
      }
    }

    private func drain(_ index: Int) {
      var buffer = [UInt8](repeating: 0, count: 65536)
      while true {
        let count = read(descriptors[index], &buffer, buffer.count)
        guard count > 0 else { return }
        receive(index, Array(buffer[..<count]))
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
}
