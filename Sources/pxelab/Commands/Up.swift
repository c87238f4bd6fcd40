import ArgumentParser
import Diagnosis
import LabHost
import LabManifest

/// `pxelab up`.
struct Up: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Bring up a lab, follow its machines' boots and judge them.")

  @Argument(
    help: "The lab's folder, or one file with all its manifests; the current folder by default.")
  var path: String?

  @Flag(
    name: .long,
    help: "A lab without a folder, in which kubectl makes everything; --name calls it so.")
  var empty: Bool = false

  @Option(name: .long, help: "The lab's name, instead of lab.yaml's or the folder's.")
  var name: String?

  @Flag(name: .long, help: "Boot, judge, remove the lab, and exit with the verdict.")
  var once: Bool = false

  @Flag(
    name: .shortAndLong,
    help: "Return when the machines are made; `pxelab wait` waits for verdicts.")
  var detach: Bool = false

  @Flag(
    name: .long,
    help: "Refuse a lab that runs programs of its own or uses files outside of its folder.")
  var noCommands: Bool = false

  @OptionGroup var plugins: CNIPluginsOption
  @OptionGroup var uplinks: UplinkOptions
  @OptionGroup var format: FormatOption

  func validate() throws {
    if empty, path != nil { throw ValidationError("--empty is a lab without a folder") }
    if empty, noCommands {
      throw ValidationError("--no-commands judges a folder, and an empty lab has none")
    }
    if empty, once {
      throw ValidationError("--once waits for verdicts, and an empty lab has no machines")
    }
    if once, detach { throw ValidationError("--once waits for the verdict, and --detach does not") }
  }

  func run() async throws {
    let folders = try Folders.current()
    let interruption = await Interruption()
    let view =
      format.format == .json ? nil : LiveView(.standardOutput, interrupting: interruption)
    var session = LabSession(
      folders: folders, interruption: interruption, progress: SessionProgress(view))
    session.cniPlugins = plugins.version
    session.uplinks = uplinks.request
    session.functionCards = uplinks.sriov
    session.isConfined = noCommands
    let report = try await session.run(
      empty ? nil : path ?? ".", name: name, ending: once ? .remove : detach ? .detach : .keep,
      show: show)
    guard report.holds else { throw ExitCode(ExitStatus.verdict.rawValue) }
  }

  private func show(_ report: LabReport) throws {
    if format.format == .json { return try Output.json(report) }
    if empty {
      return try Output.line(
        "the lab \(report.lab) is up, and empty: `eval \"$(pxelab kubeconfig \(report.lab) --shell)\"`,"
          + " then `kubectl create -f FILE`")
    }
    if detach { return try Output.line("the lab \(report.lab) is up: `pxelab wait \(report.lab)`") }
    var text = VerdictText(report, terminal: .standardOutput).text
    if once, !report.holds {
      text +=
        "\n\nThe lab is removed; its logs and captures are kept: `pxelab logs --last \(report.lab)`."
    }
    if !once {
      text +=
        "\n\nThe lab stays up: `pxelab status`, `pxelab console`, `pxelab down \(report.lab)`."
    }
    try Output.line(text)
  }
}
