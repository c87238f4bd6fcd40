/// Keeps pods from nodes whose ports others have (pkg/scheduler/framework/plugins/nodeports).
struct NodePorts: Filter {
  private static let rejection = Rejection(
    plugin: "NodePorts", code: .unschedulable,
    reasons: ["node(s) didn't have free ports for the requested pod ports"])

  private let ports: [HostPort]

  /// `nil` when the pod takes no ports of its node.
  init?(_ pod: Pod) {
    guard !pod.hostPorts.isEmpty else { return nil }
    ports = pod.hostPorts
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    let isTaken = ports.contains { port in state.ports.contains { $0.conflicts(with: port) } }
    return isTaken ? Self.rejection : nil
  }
}
