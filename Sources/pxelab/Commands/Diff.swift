import ArgumentParser
import LabHost

/// `pxelab diff`.
struct Diff: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what `up` would change in a lab that is up.",
    discussion: "The exit status is 1 when there is a difference.")

  @Argument(help: "The lab's folder, or one file with all its manifests.")
  var path: String = "."

  @Option(name: .long, help: "The lab's name, instead of lab.yaml's or the folder's.")
  var name: String?

  @OptionGroup var plugins: CNIPluginsOption

  func run() async throws {
    var session = LabSession(
      folders: try .current(), interruption: await Interruption(), progress: SessionProgress(nil))
    session.cniPlugins = plugins.version
    let difference = try await session.difference(path, name: name)
    guard !difference.isEmpty else { return }
    try Output.line(difference.lines.joined(separator: "\n"))
    throw ExitCode(ExitStatus.verdict.rawValue)
  }
}
