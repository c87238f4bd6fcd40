import Foundation
import Glibc

/// A process that cannot be mistaken for a later one with the same number.
package struct ProcessIdentity: Codable, Sendable, Hashable {
  /// The process number.
  package let pid: Int32
  /// When it started, in clock ticks since boot (proc(5), /proc/PID/stat field 22).
  package let startTicks: UInt64

  /// The process that has this number now; `nil` when none has.
  package init?(running pid: Int32) {
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
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
      let text = try? String(contentsOfFile: "\(tasks)/\(thread)/children", encoding: .utf8)
      return (text ?? "").split(separator: " ").compactMap { Int32($0) }
    }
    return isRunning ? numbers.compactMap(ProcessIdentity.init) : []
  }

  /// Sends a signal, unless the process is gone.
  package func signal(_ number: Int32) {
    if isRunning { kill(pid, number) }
  }
}
