import ExternalCommand
import Foundation
import Testing

/// kubectl with a lab's kubeconfig, and a folder for what it remembers.
struct KubernetesClient {
  let workspace: Workspace
  let kubeconfig: String

  /// - Parameter manifest: the text of the file that `-f` names.
  func start(
    _ arguments: [String], manifest: String? = nil, kubeconfig: String? = nil
  ) async throws -> RunningCommand {
    var arguments = arguments
    if let manifest {
      let path = "\(workspace.root)/manifest.yaml"
      try manifest.write(toFile: path, atomically: true, encoding: .utf8)
      arguments += ["-f", path]
    }
    return try await RunningCommand(
      Command(
        "kubectl", arguments,
        environment: [
          "KUBECONFIG": kubeconfig ?? self.kubeconfig, "HOME": workspace.root,
        ]),
      directory: Workspace.repository)
  }

  /// What a command printed that succeeded.
  func output(_ arguments: [String], manifest: String? = nil) async throws -> String {
    let outcome = try await start(arguments, manifest: manifest).outcome()
    #expect(
      outcome.status == 0, "kubectl \(arguments.joined(separator: " ")): \(outcome.errors)")
    return outcome.output
  }

  /// Tests that run programs in Python for kubectl's clients say what they lack.
  static func requirePythonPackages() async throws {
    let check = try await RunningCommand(
      Command("/usr/bin/python3", ["-c", "import kubernetes, yaml"]),
      directory: Workspace.repository
    ).outcome()
    try #require(
      check.status == 0,
      "install python3-kubernetes and python3-yaml (make prepare): \(check.errors)")
  }
}
