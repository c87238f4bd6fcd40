import Execution
import ExternalCommand
import FileSystem
import FoundationEssentials
import Planning

/// The kubeconfig by which kubectl, oc, virtctl and other clients reach a lab's API.
package struct KubeConfiguration: Sendable {
  /// The file of the lab.
  package let path: String
  private let lab: String

  /// The kubeconfig of a lab.
  ///
  /// - Throws: ``LabHostError`` when the lab has none.
  package init(lab: String, paths: LabPaths) throws {
    guard Files.exists(paths.kubeconfig) else {
      throw LabHostError(
        .lab,
        "lab \(lab) has no \(paths.kubeconfig): it was made by another version of pxelab, or its API "
          + "has not begun to serve: look at `pxelab status \(lab)` and \(paths.daemonLog)")
    }
    self.lab = lab
    path = paths.kubeconfig
  }

  /// The file's text.
  ///
  /// - Throws: `FileError`.
  package func text() throws -> String { try Files.text(of: path) }

  /// The line that makes a shell's clients use it.
  package var shellLine: String { "export KUBECONFIG=\(path.shellWord)" }

  /// Joins it with another kubeconfig, of which it becomes the current context, by kubectl: entries of
  /// the lab's name are replaced, all others stay.
  ///
  /// - Parameter target: a kubeconfig; made where there is none.
  /// - Throws: ``LabHostError`` when kubectl is missing or cannot read the file, `FileError`.
  package func merge(into target: String, runner: any CommandRunner) async throws {
    var command = Command("kubectl", ["config", "view", "--flatten"])
    command.environment["KUBECONFIG"] = Files.exists(target) ? "\(path):\(target)" : path
    let text: String
    do {
      text = try await runner.run(command)
    } catch CommandError.missingProgram {
      throw LabHostError(
        .host,
        "kubectl is not installed, which joins kubeconfigs: install it (package kubernetes-client), or "
          + "use `\(shellLine)`")
    } catch let error as CommandError {
      throw LabHostError(.host, "\(target) cannot be joined: \(error)")
    }
    try Files.makeParent(of: target)
    try Files.write(text, to: target)
  }
}
