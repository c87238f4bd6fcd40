import ArgumentParser

/// `pxelab netconf`.
struct NetConf: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "netconf",
    abstract: "Write and check network attachments.",
    subcommands: [NetConfNew.self, NetConfCheck.self, NetConfDiff.self])
}
