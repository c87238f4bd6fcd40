import ArgumentParser
import Supervisor

/// `pxelab supervise`: what `up` starts inside the sandbox.
struct Supervise: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supervise",
    abstract: "Carry out a lab's plan, inside its sandbox.", shouldDisplay: false)

  @Argument(help: "The plan that `up` wrote.")
  var plan: String

  func run() async throws {
    // `up` has looked whose they are.
    let folders = try Folders.named()
    try await LabSupervisor(
      planPath: plan, program: folders.program, libvirtCache: "\(folders.cache)/libvirt"
    ).run()
  }
}
