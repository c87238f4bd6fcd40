import ArgumentParser
import Execution
import FileSystem
import FoundationEssentials
import LabHost

/// `pxelab kubeconfig`.
struct KubeConfig: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kubeconfig",
    abstract: "Print the kubeconfig by which kubectl, oc and virtctl reach a lab.",
    discussion: """
      eval "$(pxelab kubeconfig LAB --shell)" makes the clients of this shell use the lab. The file \
      holds a secret: whoever has it owns the lab.
      """)

  @Argument(help: "The lab's name or folder; not needed when only one is up.")
  var lab: String?

  @Flag(help: "Print the line for a shell instead: export KUBECONFIG=….")
  var shell = false

  @Flag(
    help:
      "Join it with ~/.kube/config (or the first file of KUBECONFIG), and make it current there.")
  var merge = false

  func validate() throws {
    guard !(shell && merge) else { throw ValidationError("--shell or --merge, not both") }
  }

  func run() async throws {
    let labs = LabRegistry(folders: try .current())
    let name = try labs.resolve(lab)
    _ = try labs.client(of: name)
    let configuration = try KubeConfiguration(lab: name, paths: labs.paths(name))
    if merge {
      let target = Self.mergeTarget(ProcessInfo.processInfo.environment)
      guard !target.hasPrefix("\(labs.folders.state)/") else {
        throw Failure(
          .usage,
          "KUBECONFIG names \(target), which is a lab's own: `unset KUBECONFIG` joins it with "
            + "~/.kube/config")
      }
      try await configuration.merge(into: target, runner: SubprocessRunner())
      try Output.line("\(target): pxelab-\(name) is the current context")
    } else {
      try Output.line(shell ? configuration.shellLine : try configuration.text().trimmedEnd)
    }
  }

  /// The file that kubectl would write to: of several the first that is there, else the last (client-go,
  /// clientcmd, ClientConfigLoadingRules.GetDefaultFilename).
  private static func mergeTarget(_ environment: [String: String]) -> String {
    let named = (environment["KUBECONFIG"] ?? "").split(separator: ":").map(String.init)
    return named.first(where: Files.exists) ?? named.last
      ?? "\(environment["HOME"] ?? "/root")/.kube/config"
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = self[...]
    while text.last?.isNewline == true { text = text.dropLast() }
    return String(text)
  }
}
