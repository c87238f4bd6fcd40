import ArgumentParser

/// The command line.
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
    version: "0.1.0",
    subcommands: [
      Up.self, Down.self, Status.self, Plan.self, TestLabs.self, Logs.self, Console.self,
      Doctor.self, Supervise.self, FileServer.self,
    ])
}
