import ArgumentParser
import FileSystem
import LabHost

/// The command line. Every command says its `commandName`: to make it of the type's name takes the
/// argument parser 0.2 ms for each, at every start.
@main
struct PXELab: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pxelab",
    abstract: "A PXE-boot and firmware lab for one Linux machine.",
    discussion: """
      Hand `pxelab up` the YAML that you hand a KubeVirt cluster: it builds the network, serves \
      the boot, runs the machines, and says whether each booted as promised.

      \(ExitStatus.help)
      """,
    version: "0.2.0-dev",
    subcommands: [
      Init.self, Up.self, Diff.self, Wait.self, Down.self, Status.self, Plan.self, Validate.self,
      Schedule.self,
      NetConf.self,
      TestLabs.self, Sniff.self, Logs.self, Events.self, KubeConfig.self, Certificates.self,
      Power.self, Pause.self,
      Resume.self,
      Restart.self, Boot.self, Console.self, VNC.self, ScreenshotCommand.self, SendKey.self,
      TypeText.self, Exec.self, NodeCommand.self,
      Schema.self, Doctor.self, MakeNetwork.self,
      TopologyCommand.self, Render.self, Diagnose.self, Explain.self,
      EFI.self, BootOrderCommand.self,
    ])

  /// Runs the command that was asked for and exits as ``ExitStatus`` has it.
  static func main() async {
    StandardStream.reserve()
    do {
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      end(with: error)
    }
  }

  /// Says what there is to say of an error and exits.
  private static func end(with error: any Error) -> Never {
    if let status = status(of: error) {
      complain("Error: \(error)")
      exit(withError: ExitCode(status.rawValue))
    }
    // To the argument parser help, the version and completions are errors too.
    let (code, text) = (exitCode(for: error), fullMessage(for: error))
    if code.isSuccess {
      do {
        if !text.isEmpty { try Output.line(text) }
      } catch {
        end(with: error)
      }
    } else if !text.isEmpty {
      complain(text)
    }
    exit(withError: code)
  }

  /// The status of an error; `nil` for the argument parser's own, which know theirs.
  private static func status(of error: any Error) -> ExitStatus? {
    exitCode(for: error) == .failure && !(error is ExitCode) ? ExitStatus(error) : nil
  }
}
