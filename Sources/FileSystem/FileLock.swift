import Glibc

/// A lock on a file: a lab is up, or an image is being made, for as long as somebody holds it.
///
/// It belongs to the open file (flock(2)), so the processes that inherit its descriptor hold it
/// together: it is free only when the last of them is gone, however that came about.
package struct FileLock: ~Copyable {
  /// The locked file's descriptor.
  package let descriptor: Int32

  /// Takes the lock; `nil` when somebody holds it. The file is made where it is missing.
  ///
  /// - Throws: ``FileError`` when the file cannot be opened or locked.
  package init?(path: String) throws(FileError) {
    let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("open \(path)") }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      let error = FileError("lock \(path)")
      close(descriptor)
      if error.errno == EWOULDBLOCK { return nil }
      throw error
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Takes the lock, runs `body` and lets go of it; calls `waiting` once if somebody else holds it.
  ///
  /// - Throws: ``FileError`` when the file cannot be opened or locked, and what `body` throws.
  package static func hold<Value>(
    _ path: String, waiting: () -> Void, _ body: () async throws -> Value
  ) async throws -> Value {
    var waited = false
    while true {
      if let lock = try FileLock(path: path) {
        let value = try await body()
        _ = consume lock
        return value
      }
      if !waited { waiting() }
      waited = true
      // flock has no event to await without blocking a thread.
      try await Task.sleep(for: .milliseconds(50))
    }
  }

  /// Whether somebody holds the lock.
  package static func isHeld(path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  /// Whether who held the lock is gone and has left the file: one that ends well removes it first. A file that
  /// cannot be opened says nothing.
  package static func isAbandoned(path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    return flock(descriptor, LOCK_SH | LOCK_NB) == 0 && fstat(descriptor, &status) == 0
      && status.st_nlink > 0
  }

  /// Waits until nobody holds the lock.
  ///
  /// - Returns: whether that came before the limit was over.
  package static func waitUntilFree(path: String, within limit: Duration) async throws -> Bool {
    let deadline = ContinuousClock.now + limit
    while isHeld(path: path) {
      guard ContinuousClock.now < deadline else { return false }
      // flock has no event to await without blocking a thread.
      try await Task.sleep(for: .milliseconds(20))
    }
    return true
  }
}
