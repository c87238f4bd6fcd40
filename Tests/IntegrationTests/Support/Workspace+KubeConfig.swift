import ExternalCommand

extension Workspace {
  /// The kubeconfig of a lab, as a shell takes it from what `kubeconfig --shell` prints.
  func kubeconfig(of lab: String) async throws -> String {
    let line = try await run("kubeconfig", lab, "--shell").output
    return try await RunningCommand(
      Command("sh", ["-c", line + "\nprintf %s \"$KUBECONFIG\""]), directory: root
    ).outcome().output
  }
}
