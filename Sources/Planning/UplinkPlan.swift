import ExternalCommand

/// The sandbox's way out for machines on the pod network: pasta(1) turns their connections into
/// sockets of the caller's.
///
/// It runs outside the sandbox's network and inside its PID namespace, so it ends with the lab. It
/// is handed the network namespace as standard input, because it gives up the right to open that by
/// path. Nothing from outside is let in, and the host's loopback is not reachable through it.
package struct UplinkPlan: Codable, Sendable, Hashable {
  /// Whether the sandbox has a user namespace to join.
  package var userNamespace: Bool
  /// The networks whose machines have no other way out: the pod network, attachments that masquerade.
  package var networks: [String]

  /// A way out.
  package init(userNamespace: Bool, networks: [String]) {
    self.userNamespace = userNamespace
    self.networks = networks
  }

  /// The device in the sandbox.
  package static let device = "pxl-uplink"
  /// The program.
  package static let program = "pasta"

  /// Runs the program that keeps the way out where the host's network is and all else is the sandbox's,
  /// whose unshare process has this number (nsenter(1)).
  package func keeping(
    _ program: String, _ arguments: [String], sandbox pid: Int32
  ) -> Command {
    let user = userNamespace ? ["--user", "--preserve-credentials"] : []
    return Command(
      "nsenter",
      ["--target=\(pid)"] + user + [
        "--mount", "--pid=/proc/\(pid)/ns/pid_for_children", "--", program,
      ] + arguments)
  }

  /// The way out of a lab with one node, which is started with the sandbox's network namespace as
  /// standard input.
  package static let command = Command(program, options(namespace: "/proc/self/fd/0"))

  /// The way out of one of several nodes: by the fabric's, in whose network namespace this is run.
  ///
  /// pasta gives up the right to open another process's namespace, so it is told a file that is one.
  package static let nodeCommand = Command(
    "ip",
    ["netns", "exec", NodeRole.fabricNamespace, program]
      + options(namespace: nodeNamespace))

  /// Where a node's network namespace has a file of its own, which only that node sees: a name in /run
  /// would keep the namespace when the node has ended.
  package static let nodeNamespace = "/var/lib/libvirt/node-netns"

  private static func options(namespace: String) -> [String] {
    [
      "--config-net", "--foreground", "--quiet", "--runas", "0", "--netns-only",
      "--netns", namespace, "--ns-ifname", device, "--no-map-gw",
      "--tcp-ports", "none", "--udp-ports", "none", "--tcp-ns", "none", "--udp-ns", "none",
    ]
  }

  /// What the keeper's standard input is.
  package func standardInput(sandbox pid: Int32) -> String { "/proc/\(pid)/ns/net" }
}
