import ArgumentParser
import Control
import FileSystem
import Foundation

/// `pxelab test`.
struct TestLabs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Boot, judge and remove several labs, one after the other.")

  @Argument(help: "The labs' folders.")
  var paths: [String]

  @Option(name: .long, help: "Write a JUnit XML report to this file.")
  var junit: String?

  @OptionGroup var format: FormatOption

  func run() async throws {
    let folders = try Folders.current()
    var results: [LabResult] = []
    for path in paths {
      results.append(await result(of: path, folders: folders))
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
            String(format: "%.1f", result.seconds),
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

  private func result(of path: String, folders: Folders) async -> LabResult {
    let began = ContinuousClock.now
    let session = LabSession(
      folders: folders, output: format.format == .json ? nil : .standardOutput)
    var result = LabResult(path: path)
    do {
      let outcome = try await session.run(path, name: nil, keep: false) { report in
        if format.format == .text {
          try Output.line(VerdictText(report, terminal: .standardOutput).text)
        }
      }
      switch outcome {
      case .judged(let report): result.report = report
      case .alreadyUp(let lab):
        throw Failure(.lab, "a lab named \(lab) is up already: `pxelab down \(lab)` first")
      }
    } catch {
      let failure = (error as? Failure) ?? Failure(.lab, "\(error)")
      complain("\(failure)")
      result.failure = failure
    }
    result.seconds = (ContinuousClock.now - began) / .seconds(1)
    return result
  }
}
