/// How a process has ended (waitpid(2)).
package enum ProcessEnd: Hashable, Sendable {
  /// By itself, with an exit status of 0 to 255.
  case exited(Int32)
  /// By a signal.
  case signaled(Int32)
  /// Nobody but its parent was told: it had detached itself, or was adopted.
  case unknown

  /// The end of which waitpid(2) gives the status.
  package init(waitStatus status: Int32) {
    let signal = status & 0x7f
    self = signal == 0 ? .exited(status >> 8 & 0xff) : .signaled(signal)
  }
}

extension ProcessEnd: CustomStringConvertible {
  /// A predicate: `was ended by signal 9 (SIGKILL)`.
  package var description: String {
    switch self {
    case .exited(let status): "exited with status \(status)"
    case .signaled(let number):
      "was ended by signal \(number)" + (Self.signalName(number).map { " (\($0))" } ?? "")
    case .unknown: "has ended; how, nobody was told"
    }
  }

  /// The name of a signal on Linux (signal(7)), but for the real-time ones.
  package static func signalName(_ number: Int32) -> String? {
    let names = [
      "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2",
      "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
      "XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS",
    ]
    let index = Int(number) - 1
    return names.indices.contains(index) ? "SIG\(names[index])" : nil
  }
}
