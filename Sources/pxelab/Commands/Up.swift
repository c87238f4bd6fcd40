import ArgumentParser
import Control
import Diagnosis
import Foundation
import LabManifest

/// `pxelab up`.
struct Up: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "up",
    abstract: "Bring up a lab, follow its machines' boots and judge them.")

  @Argument(help: "The lab's folder, or one file with all its manifests.")
  var path: String = "."

  @Option(name: .long, help: "The lab's name, instead of lab.yaml's or the folder's.")
  var name: String?

  @Flag(name: .long, help: "Boot, judge, remove the lab, and exit with the verdict.")
  var once: Bool = false

  @OptionGroup var plugins: CNIPluginsOption
  @OptionGroup var uplinks: UplinkOptions
  @OptionGroup var format: FormatOption

  func run() async throws {
    let session = LabSession(
      folders: try .current(), output: format.format == .json ? nil : .standardOutput,
      cniPlugins: plugins.version, uplinks: uplinks.request, functionCards: uplinks.sriov)
    switch try await session.run(path, name: name, keep: !once, show: show) {
    case .alreadyUp(let lab):
      guard !once else {
        throw Failure(
          .lab, "a lab named \(lab) is up already: `pxelab down \(lab)` first, or use --name")
      }
      try refuseOtherUplinks(of: lab, session.folders)
      complain("the lab \(lab) is up already and was left as it is; `pxelab status` shows it")
    case .judged(let report):
      guard report.holds else { throw ExitCode(ExitStatus.verdict.rawValue) }
    }
  }

  private func show(_ report: LabReport) throws {
    if format.format == .json { return try Output.json(report) }
    var text = VerdictText(report, terminal: .standardOutput).text
    if !once {
      text +=
        "\n\nThe lab stays up: `pxelab status`, `pxelab console`, `pxelab down \(report.lab)`."
    }
    try Output.line(text)
  }

  /// An uplink is lent when a lab is made, not to one that is up.
  ///
  /// - Throws: ``Failure`` when others are asked for than the lab has.
  private func refuseOtherUplinks(of lab: String, _ folders: Folders) throws {
    let request = uplinks.request
    guard !request.interfaces.isEmpty else { return }
    let plan = try LabRegistry(folders: folders).plan(lab)
    guard !plan.has(request) else { return }
    let present = plan.trunks.map { trunk in
      "the uplink \(trunk.interface) on \(trunk.bridge)"
        + (trunk.served.isEmpty
          ? "" : ", serving \(trunk.served.map(\.attachment).joined(separator: ", "))")
    }
    throw Failure(
      .lab,
      "the lab \(lab) is up with \(present.isEmpty ? "no uplink" : present.joined(separator: "; "))"
        + ", and an uplink joins only when a lab is made: `pxelab down \(lab)` first, then `up`"
        + " again with the options")
  }
}
