import Glibc

/// The lock that says that a lab is up.
///
/// It belongs to the open file (flock(2)), so the processes that inherit its descriptor hold it
/// together: it is free only when the last of them is gone, however that came about.
public struct LabLock: ~Copyable {
  /// The locked file's descriptor.
  public let descriptor: Int32

  /// Takes the lock; `nil` when somebody holds it.
  ///
  /// - Throws: ``FileError`` when the file cannot be opened.
  public init?(path: String) throws(FileError) {
    let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileError("open \(path)") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      return nil
    }
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Whether somebody holds the lock.
  public static func isHeld(path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0
  }

  /// Blocks the calling thread until nobody holds the lock.
  public static func waitUntilFree(path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_SH) != 0, errno == EINTR {}
  }
}
