/// Keeps a pod that names its node from others (pkg/scheduler/framework/plugins/nodename).
struct NodeName: Filter {
  private static let rejection = Rejection(
    plugin: "NodeName", code: .unresolvable,
    reasons: ["node(s) didn't match the requested node name"])

  private let name: String

  /// `nil` when the pod names none.
  init?(_ pod: Pod) {
    guard !pod.nodeName.isEmpty else { return nil }
    name = pod.nodeName
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    state.node.name == name ? nil : Self.rejection
  }
}
