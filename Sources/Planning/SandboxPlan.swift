import ExternalCommand

/// The namespaces that a lab lives in.
package struct SandboxPlan: Codable, Sendable, Hashable {
  /// Whether a user namespace is made: always, unless the caller is root.
  package var userNamespace: Bool
  /// Whether /dev/kvm is kept out of sight, so that libvirt does not spend seconds on probing an
  /// accelerator that will not be used.
  package var hidesKVM: Bool
  /// The user that QEMU runs as; `nil` is the sandbox's root, which is an ordinary user outside.
  package var emulatorUser: EmulatorUser?

  /// A sandbox.
  package init(userNamespace: Bool, hidesKVM: Bool, emulatorUser: EmulatorUser? = nil) {
    self.userNamespace = userNamespace
    self.hidesKVM = hidesKVM
    self.emulatorUser = emulatorUser
  }

  /// Runs `program` as the child of the namespaces' init (unshare(1), tini(1)).
  ///
  /// `--kill-child` ties the namespaces to the unshare process: ending that one pid ends the lab.
  package func launch(_ program: String, _ arguments: [String]) -> Command {
    var options: [String] = []
    if userNamespace { options = ["--user", "--map-root-user", "--map-auto"] }
    options += ["--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child"]
    return Command("unshare", options + ["--", "tini", "-g", "--", program] + arguments)
  }

  /// Runs an agent as the child of the init of its own namespaces of processes and mounts. The network of
  /// one of several nodes is its own; that of the only one, and of the fabric, is the sandbox's. /run is
  /// the sandbox's too, where the names of network namespaces are.
  ///
  /// `--kill-child` and the namespace of processes tie all that the node runs to that one process.
  package static func agent(
    _ role: NodeRole, _ program: String, _ arguments: [String]
  ) -> Command {
    var network: [String] = []
    if case .node = role { network = ["--net"] }
    return Command(
      "unshare",
      network + [
        "--mount", "--propagation", "unchanged", "--pid", "--fork", "--mount-proc", "--kill-child",
        "--", "tini", "-g", "--", program,
      ] + arguments)
  }

  /// Runs a program of the user's inside, in the network namespace of that name, or in that of the
  /// bridges without one, for a sandbox whose unshare process has this number (nsenter(1)).
  ///
  /// nsenter stays as the program's parent, and must outlive an interrupt from the terminal to tell
  /// the program's exit status; env(1) keeps the signals from the one and gives them to the other. Each ends
  /// with its parent (setpriv(1)): killed, the caller leaves no program behind.
  package func enter(
    _ pid: Int32, networkNamespace: String?, workingDirectory: String, command: [String]
  ) -> Command {
    let user = userNamespace ? ["--user", "--preserve-credentials"] : []
    return Command(
      "setpriv",
      Self.tied + ["env", "--ignore-signal=INT,QUIT", "nsenter", "--target=\(pid)"] + user + [
        "--net", "--mount", "--pid=/proc/\(pid)/ns/pid_for_children", "--",
      ] + (networkNamespace.map { ["ip", "netns", "exec", $0] } ?? []) + ["setpriv"] + Self.tied + [
        "env", "--default-signal=INT,QUIT", "--chdir=\(workingDirectory)", "--",
      ] + command)
  }

  /// PR_SET_PDEATHSIG (prctl(2)).
  private static let tied = ["--pdeathsig", "KILL"]
}
