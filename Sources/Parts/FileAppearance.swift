import Dispatch
import FileSystem
import Glibc

/// Waits for files that programs make when they serve (inotify(7)).
enum FileAppearance {
  /// Returns when something is at the path.
  ///
  /// - Throws: `FileError` when its folder cannot be watched, `CancellationError`.
  static func wait(for path: String) async throws {
    let descriptor = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
    guard descriptor >= 0 else { throw FileError("watch for \(path)") }
    let (stream, continuation) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
    source.setEventHandler {
      var events = [UInt8](repeating: 0, count: 4096)
      while read(descriptor, &events, events.count) > 0 {}
      continuation.yield()
    }
    source.setCancelHandler { close(descriptor) }
    source.activate()
    defer { source.cancel() }
    guard
      inotify_add_watch(descriptor, Files.parent(of: path), UInt32(IN_CREATE | IN_MOVED_TO)) >= 0
    else { throw FileError("watch for \(path)") }
    if Files.exists(path) { return }
    for await _ in stream where Files.exists(path) { return }
    throw CancellationError()
  }

  private static let queue = DispatchQueue(label: "files that appear")
}
