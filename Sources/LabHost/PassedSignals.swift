import FileSystem
import Glibc
import LabStore
import UnixSignals

/// Signals to this process that are meant for the program that it runs: what a terminal sends it gets
/// itself, being in the terminal's foreground, what is sent to this process alone is passed on.
struct PassedSignals: Sendable {
  private let signals: UnixSignalsSequence
  private let remark: @Sendable (String) -> Void

  /// Keeps the signals from now on.
  ///
  /// - Parameter remark: is told of a signal that cannot be passed on.
  init(remark: @escaping @Sendable (String) -> Void) async {
    self.remark = remark
    let fromTerminal: [UnixSignal] = [.sigint, .sigquit]
    for number in fromTerminal { signal(number.rawValue, SIG_IGN) }
    signals = await UnixSignalsSequence(
      trapping: [.sigterm, .sighup, .sigusr1, .sigusr2]
        + (isatty(STDIN_FILENO) == 1 ? [] : fromTerminal))
  }

  /// Passes on those that came and those that come to the only child of the process with this number,
  /// until cancelled.
  func pass(toChildOf pid: Int32) async {
    guard let parent = ProcessIdentity(running: pid) else { return }
    for await signal in signals {
      let children = parent.children
      // Until it has a child, there is nothing but itself to end.
      for process in children.isEmpty ? [parent] : children {
        do {
          try process.signal(signal.rawValue)
        } catch {
          remark("\(error)")
        }
      }
    }
  }
}
