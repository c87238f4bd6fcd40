import Glibc

/// A lock on a folder (flock(2)): who holds it may make, rename or remove what is in it.
///
/// It goes with the folder and not with its path: a folder that was renamed away is still locked, and
/// what then stands at the path is another one.
package enum FolderLock {
  /// Takes the lock of the folder at a path, runs `body` and lets go of it.
  ///
  /// - Parameters:
  ///   - limit: how long to wait for who holds it.
  ///   - body: is given the folder's descriptor.
  /// - Returns: what `body` returns; `nil` when there is no such folder.
  /// - Throws: ``FileError``, with EWOULDBLOCK when the limit is over; what `body` throws.
  package static func hold<Value>(
    _ path: String, within limit: Duration, _ body: (Int32) async throws -> Value
  ) async throws -> Value? {
    let deadline = ContinuousClock.now + limit
    while true {
      let descriptor = try open(path)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      if try take(descriptor, path) {
        // It may have been renamed between the two.
        if isPlaced(descriptor, at: path) { return try await body(descriptor) }
        continue
      }
      guard ContinuousClock.now < deadline else {
        throw FileError("lock \(path)", errno: EWOULDBLOCK)
      }
      // flock has no event to await without blocking a thread.
      try await Task.sleep(for: .milliseconds(20))
    }
  }

  /// Whether somebody holds the lock of the folder at a path.
  package static func isHeld(_ path: String) -> Bool { FileLock.isHeld(path: path) }

  /// - Returns: -1 when there is no folder.
  private static func open(_ path: String) throws(FileError) -> Int32 {
    let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 || errno == ENOENT else { throw FileError("open the folder \(path)") }
    return descriptor
  }

  private static func take(_ descriptor: Int32, _ path: String) throws(FileError) -> Bool {
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      guard errno == EINTR else { throw FileError("lock \(path)") }
    }
    return true
  }

  private static func isPlaced(_ descriptor: Int32, at path: String) -> Bool {
    var held = stat()
    var there = stat()
    return fstat(descriptor, &held) == 0 && stat(path, &there) == 0
      && held.st_dev == there.st_dev && held.st_ino == there.st_ino
  }
}
