import Glibc

/// An exclusive lock on a file, held for a scope; the kernel lets go of it when the process dies.
enum FileLock {
  /// Runs `body` with the lock; calls `waiting` once if another process has it.
  static func hold<Value>(
    _ path: String, waiting: () -> Void, _ body: () async throws -> Value
  ) async throws -> Value {
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw ImageError.file(path, doing: "open", reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var waited = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw ImageError.file(path, doing: "lock", reason: String(cString: strerror(errno)))
      }
      if !waited { waiting() }
      waited = true
      // flock has no event to await without blocking a thread.
      try await Task.sleep(for: .milliseconds(50))
    }
    return try await body()
  }
}
