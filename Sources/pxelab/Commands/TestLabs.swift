import ArgumentParser
import FileSystem
import LabHost

/// `pxelab test`.
struct TestLabs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Boot, judge and remove several labs, one after the other.")

  @Argument(help: "The labs' folders.")
  var paths: [String]

  @Option(name: .long, help: "Write a JUnit XML report to this file.")
  var junit: String?

  @Flag(
    name: .long,
    help: "Refuse a lab that runs programs of its own or uses files outside of its folder.")
  var noCommands: Bool = false

  @OptionGroup var format: FormatOption

  func run() async throws {
    let folders = try Folders.current()
    var results: [LabResult] = []
    let interruption = await Interruption()
    for path in paths where !interruption.happened {
      results.append(await result(of: path, folders: folders, interruption))
    }
    if let junit { try Files.write(JUnitReport(results).xml, to: junit, mode: 0o644) }
    if format.format == .json {
      try Output.json(results.compactMap(\.report))
    } else {
      var table = Table(["LAB", "MACHINE", "VERDICT", "SECONDS"])
      for result in results {
        for row in result.cases {
          table.add([
            result.path, row.machine, row.word,
            result.seconds.text(decimals: 1),
          ])
        }
      }
      try Output.line(table.text)
    }
    if let failure = results.compactMap(\.failure).first { throw ExitCode(failure.status.rawValue) }
    guard results.allSatisfy({ $0.report?.isAsExpected == true }) else {
      throw ExitCode(ExitStatus.verdict.rawValue)
    }
  }

  private func result(
    of path: String, folders: Folders, _ interruption: Interruption
  ) async -> LabResult {
    let began = ContinuousClock.now
    let view =
      format.format == .json ? nil : LiveView(.standardOutput, interrupting: interruption)
    var session = LabSession(
      folders: folders, interruption: interruption, progress: SessionProgress(view))
    session.isConfined = noCommands
    var result = LabResult(path: path)
    do {
      result.report = try await session.run(path, name: nil, ending: .remove) { report in
        if format.format == .text {
          try Output.line(VerdictText(report, terminal: .standardOutput).text)
        }
      }
    } catch {
      let failure = Failure(error)
      complain("\(failure)")
      result.failure = failure
    }
    result.seconds = (ContinuousClock.now - began) / .seconds(1)
    return result
  }
}
