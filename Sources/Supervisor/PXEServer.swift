import Execution
import ExternalCommand
import FileSystem
import Foundation
import LabPlan
import Sandbox
import Subprocess

/// DHCP, TFTP and HTTP on one network attachment: dnsmasq and pxelab's file server, both in the
/// attachment's own namespace.
struct PXEServer: Sendable {
  let plan: ServerPlan
  let runner: any CommandRunner

  /// Starts dnsmasq and returns when it answers: it forks only after its sockets are bound.
  func start() async throws {
    try Mounts.showFiles(of: plan.root, at: plan.servedRoot)
    try Files.write(plan.dnsmasqConfiguration, to: plan.dnsmasqConfigurationPath)
    try await runner.run(
      Command(
        "ip",
        [
          "netns", "exec", plan.networkNamespace, "dnsmasq",
          "--conf-file=\(plan.dnsmasqConfigurationPath)",
        ]))
  }

  /// Serves the same files by HTTP on port 80 until cancelled; the server is this program itself,
  /// in a process of its own because a process has one network namespace.
  func serveHTTP(program: String) async throws {
    let arguments = [
      "netns", "exec", plan.networkNamespace, program, "file-server", "--address",
      "\(plan.address.address)", plan.servedRoot,
    ]
    guard let ip = ExecutableSearch.current.path(of: "ip") else { return }
    let result = try await Subprocess.run(
      .path(.init(ip)), arguments: Arguments(arguments), input: .none, output: .discarded,
      error: .string(limit: 65536))
    throw CommandError.failed(
      Command("ip", arguments), status: result.terminationStatus.phrase,
      output: result.standardError)
  }
}
