import FileSystem
import Glibc

/// How much a program weighs when processors are short: by its session, where the kernel groups tasks by
/// sessions (sched(7), "The autogroup feature"), else by the nice values of its process group.
package struct ProcessorWeight: Sendable {
  private let pid: Int32

  /// The weight of a process that leads a session, or is alone in it.
  package init(of pid: Int32) { self.pid = pid }

  /// Weighs as much as a program with this nice value: -20 weighs most, 19 least.
  ///
  /// - Returns: whether the kernel took it; an ordinary user may not go below 0.
  @discardableResult
  package func setNice(_ nice: Int) async -> Bool {
    guard Self.isBySession else {
      let group = getpgid(pid)
      return group > 0
        && setpriority(__priority_which_t(PRIO_PGRP.rawValue), UInt32(group), Int32(nice)) == 0
    }
    for _ in 0..<10 {
      switch write(nice) {
      case 0: return true
      // The kernel takes one change each tenth of a second from ordinary users.
      case EAGAIN:
        do { try await Task.sleep(for: .milliseconds(110)) } catch { return false }
      default: return false
      }
    }
    return false
  }

  private func write(_ nice: Int) -> Int32 {
    let descriptor = open("/proc/\(pid)/autogroup", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    let text = "\(nice)"
    return Glibc.write(descriptor, text, text.utf8.count) < 0 ? errno : 0
  }

  /// Tasks in a control group of their own are not grouped by sessions.
  private static let isBySession: Bool = {
    guard (try? Files.text(of: "/proc/sys/kernel/sched_autogroup_enabled").first) == "1",
      let groups = try? Files.text(of: "/proc/self/cgroup")
    else { return false }
    return groups.split(separator: "\n").allSatisfy { line in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return true }
      let controllers = fields[1].split(separator: ",")
      return !(controllers.isEmpty || controllers.contains("cpu")) || fields[2] == "/"
    }
  }()
}
