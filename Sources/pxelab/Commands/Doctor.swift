import ArgumentParser
import Execution
import HostCheck

/// `pxelab doctor`.
struct Doctor: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Check whether this machine can run labs, and say how to mend what is missing.")

  @OptionGroup var format: FormatOption

  func run() async throws {
    let report = try await DoctorReport.examine(SystemHostProbe(runner: SubprocessRunner()))
    if format.format == .json {
      try Output.json(report)
    } else {
      try Output.line(text(report))
    }
    guard report.isReady else { throw ExitCode(ExitStatus.host.rawValue) }
  }

  private func text(_ report: DoctorReport) -> String {
    let terminal = Terminal.standardOutput
    var lines = ["\(report.account.name) on \(report.distribution), Linux \(report.kernel)"]
    let width = report.checks.map(\.name.count).max() ?? 0
    for check in report.checks {
      let (sign, colour): (String, Terminal.Colour) =
        switch check.status {
        case .ok: ("ok     ", .good)
        case .warning: ("warning", .caution)
        case .missing: ("missing", .bad)
        }
      let name = check.name.padded(to: width)
      lines.append("\(terminal.paint(sign, colour))  \(name)  \(check.detail)")
      if let remedy = check.remedy, check.status != .ok {
        for line in remedy.split(separator: "\n", omittingEmptySubsequences: false) {
          lines.append("         \(terminal.paint("→ \(line)", .faint))")
        }
      }
    }
    lines.append(
      report.isReady
        ? "labs come up here; guests run by \(report.acceleration.kind.rawValue) "
          + "(\(report.acceleration.reason))"
        : "labs do not come up here until what is missing is mended")
    return lines.joined(separator: "\n")
  }
}
