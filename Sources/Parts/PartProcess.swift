import CLinux
import Dispatch
import FileSystem
import Glibc
import LabStore
import Synchronization

/// A process by its descriptor (pidfd_open(2)): no signal reaches another that has its number later,
/// and its end is an event.
package final class PartProcess: Sendable {
  /// Which process it is.
  package let identity: ProcessIdentity
  private let descriptor: Int32
  private let end = Mutex<ProcessEnd?>(nil)

  /// A process that runs, or has ended and not been waited for.
  ///
  /// - Returns: `nil` when there is no such process, or another by now.
  package init?(_ identity: ProcessIdentity) {
    let descriptor = clinux_pidfd_open(identity.pid)
    guard descriptor >= 0 else { return nil }
    guard identity.isRunning else {
      close(descriptor)
      return nil
    }
    self.identity = identity
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Waits for its end. Its status is taken from the kernel where it is this process's child.
  ///
  /// - Throws: `CancellationError`.
  package func ended() async throws -> ProcessEnd {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: Self.queue)
    source.setEventHandler { [self] in
      end.withLock { end in if end == nil { end = status() } }
      continuation.finish()
    }
    // The descriptor stays open until nothing waits for it.
    source.setCancelHandler { [self] in withExtendedLifetime(self) {} }
    source.activate()
    defer { source.cancel() }
    for await _ in stream {}
    try Task.checkCancellation()
    return end.withLock { $0 } ?? .unknown
  }

  /// Sends a signal, unless it has ended.
  package func signal(_ number: Int32) {
    _ = clinux_pidfd_send_signal(descriptor, number)
  }

  /// Whether it is stopped by a signal or a debugger (proc(5), /proc/PID/stat field 3).
  package var isStopped: Bool {
    guard let text = try? Files.text(of: "/proc/\(identity.pid)/stat"),
      let end = text.lastIndex(of: ")")
    else { return false }
    return ["T", "t"].contains(text[end...].dropFirst(2).first)
  }

  private static let queue = DispatchQueue(label: "ends of processes")

  private func status() -> ProcessEnd {
    var status: Int32 = 0
    while true {
      if waitpid(identity.pid, &status, WNOHANG) == identity.pid {
        return ProcessEnd(waitStatus: status)
      }
      if errno != EINTR { break }
    }
    // Its parent, the namespace's first process, waits for it at once.
    var reaped = pollfd(fd: descriptor, events: 0, revents: 0)
    _ = poll(&reaped, 1, 200)
    guard clinux_pidfd_wait_status(descriptor, &status) == 0 else { return .unknown }
    return ProcessEnd(waitStatus: status)
  }
}
