import CLinux
import FileSystem
import FoundationEssentials
import Glibc

/// A process that cannot be mistaken for a later one with the same number.
package struct ProcessIdentity: Codable, Sendable, Hashable {
  /// The process number.
  package let pid: Int32
  /// When it started, in clock ticks since boot (proc(5), /proc/PID/stat field 22).
  package let startTicks: UInt64

  /// The process that has this number now; `nil` when none has.
  package init?(running pid: Int32) {
    guard let text = try? Files.text(of: "/proc/\(pid)/stat"),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[end...].split(separator: " ")
    guard fields.count > 20, let ticks = UInt64(fields[20]) else { return nil }
    self.pid = pid
    startTicks = ticks
  }

  /// Whether that very process still exists.
  package var isRunning: Bool { ProcessIdentity(running: pid) == self }

  /// The processes that its threads have started and not yet waited for (proc(5),
  /// /proc/PID/task/TID/children); none when it is gone.
  package var children: [ProcessIdentity] {
    let tasks = "/proc/\(pid)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: tasks)) ?? []
    let numbers = threads.flatMap { thread in
      let text = try? Files.text(of: "\(tasks)/\(thread)/children")
      return (text ?? "").split(separator: " ").compactMap { Int32($0) }
    }
    return isRunning ? numbers.compactMap(ProcessIdentity.init) : []
  }

  /// Sends a signal to that very process (pidfd_send_signal(2)), whatever has its number meanwhile.
  ///
  /// - Returns: whether it was there to take it.
  /// - Throws: `FileError` when the kernel refuses.
  @discardableResult
  package func signal(_ number: Int32) throws(FileError) -> Bool {
    let descriptor = clinux_pidfd_open(pid)
    guard descriptor >= 0 else {
      if errno == ESRCH { return false }
      throw FileError("open the process \(pid)")
    }
    defer { close(descriptor) }
    // The descriptor stays with who has the number now. If that is who started then, it is this one.
    guard isRunning else { return false }
    guard clinux_pidfd_send_signal(descriptor, number) == 0 else {
      if errno == ESRCH { return false }
      throw FileError("send signal \(number) to the process \(pid)")
    }
    return true
  }
}
