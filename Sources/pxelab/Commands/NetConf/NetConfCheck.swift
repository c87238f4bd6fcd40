import ArgumentParser
import LabHost
import LabManifest
import NetworkAttachment
import Objects

/// `pxelab netconf check`.
struct NetConfCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say all that is wrong with network attachments, with file, line and field.",
    discussion: """
      Checks NetworkAttachmentDefinitions, and files that are a CNI configuration, as the plugins \
      themselves do, in their words; says which release first knows a field, and where releases \
      disagree. Exits with 1 when a plugin would refuse one, with 0 when there are only warnings.
      """)

  @Argument(help: "Files, folders, and - for standard input.")
  var paths: [String]

  @Flag(name: [.customShort("R"), .long], help: "Look in the folders below each folder too.")
  var recursive = false

  @OptionGroup var plugins: CNIPluginsOption
  @OptionGroup var format: ProblemFormatOption

  func run() throws {
    let paths = try ManifestPaths(paths, recursive: recursive)
    let files = (paths.files.files + paths.folders.flatMap(\.files)).map { file in
      (path: file.path, text: String(decoding: file.bytes, as: UTF8.self))
    }
    let check = NetworkAttachmentCheck(
      files: files, found: paths.found, plugins: plugins.version)
    let report = ProblemReport(problems: check.problems)
    try report.write(as: format.format)
    for note in check.notes { complain("\(note)") }
    if format.format == .text { summarize(report, count: check.count) }
    guard report.accepted else { throw ExitCode(ExitStatus.verdict.rawValue) }
  }

  private func summarize(_ report: ProblemReport, count: Int) {
    guard count > 0 || !report.problems.isEmpty else {
      complain("no network attachment in these files")
      return
    }
    let subject = count == 1 ? "1 network attachment" : "\(count) network attachments"
    let counts = report.counts.isEmpty ? "" : ": \(report.counts)"
    complain("\(subject) \(report.accepted ? "accepted" : "refused")\(counts)")
  }
}
