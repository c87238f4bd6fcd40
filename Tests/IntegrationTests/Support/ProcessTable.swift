import Foundation
import Glibc

/// The processes of this machine, by /proc.
enum ProcessTable {
  /// A process.
  struct Entry: Sendable, CustomStringConvertible {
    var pid: Int32
    /// Who started it; 0 when it has ended meanwhile.
    var parent: Int32
    var arguments: [String]

    var description: String { "\(pid) \(arguments.joined(separator: " "))" }
  }

  /// The processes that have `word` among their arguments or variables, except zombies.
  ///
  /// What pxelab starts inherits its variables, or has the lab's paths for arguments.
  static func entries(mentioning word: String) -> [Entry] {
    pids.compactMap { pid in
      let arguments = content(pid, "cmdline")
      guard arguments.contains(word) || content(pid, "environ").contains(word) else { return nil }
      return Entry(
        pid: pid, parent: parent(of: pid),
        arguments: arguments.split(separator: "\0").map(String.init))
    }
  }

  private static func parent(of pid: Int32) -> Int32 {
    let line = content(pid, "status").split(separator: "\n").first { $0.hasPrefix("PPid:") }
    return line?.split(whereSeparator: \.isWhitespace).last.flatMap { Int32($0) } ?? 0
  }

  private static var pids: [Int32] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap(Int32.init)
      .filter { $0 != getpid() }
  }

  /// Empty when the process has ended meanwhile.
  private static func content(_ pid: Int32, _ file: String) -> String {
    guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/\(file)") else { return "" }
    return String(decoding: data, as: UTF8.self)
  }
}
