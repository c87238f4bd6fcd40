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

  /// A way out.
  package init(userNamespace: Bool) { self.userNamespace = userNamespace }

  /// The device in the sandbox.
  package static let device = "pxl-uplink"

  /// The command for the sandbox whose unshare process has this number.
  package func command(sandbox pid: Int32) -> Command {
    let join =
      userNamespace ? ["--user=/proc/\(pid)/ns/user", "--preserve-credentials"] : []
    return Command(
      "nsenter",
      join + ["--pid=/proc/\(pid)/ns/pid_for_children", "--", "pasta"]
        + Self.options(namespace: "/proc/self/fd/0"))
  }

  /// The way out of one of several nodes: by the fabric's, in whose network namespace this is run.
  ///
  /// pasta gives up the right to open another process's namespace, so it is told a file that is one.
  package static let nodeCommand = Command(
    "ip",
    ["netns", "exec", NodeRole.fabricNamespace, "pasta"]
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

  /// What the command's standard input is.
  package func standardInput(sandbox pid: Int32) -> String { "/proc/\(pid)/ns/net" }
}
