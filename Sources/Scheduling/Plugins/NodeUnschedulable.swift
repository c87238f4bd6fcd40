/// Keeps pods from cordoned nodes (pkg/scheduler/framework/plugins/nodeunschedulable).
struct NodeUnschedulable: Filter {
  private static let rejection = Rejection(
    plugin: "NodeUnschedulable", code: .unresolvable, reasons: ["node(s) were unschedulable"])

  private let isTolerated: Bool

  init(_ pod: Pod) {
    isTolerated = pod.tolerations.tolerate(
      Taint(key: "node.kubernetes.io/unschedulable", effect: .noSchedule))
  }

  func rejection(of state: Snapshot.NodeState) -> Rejection? {
    state.node.isUnschedulable && !isTolerated ? Self.rejection : nil
  }
}
