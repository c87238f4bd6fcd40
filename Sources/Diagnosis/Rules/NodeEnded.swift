/// The machine's node has ended, and the machine with it.
struct NodeEnded: FindingKind {
  let id = "PXL109"
  let fields: [CauseField] = [.placement]

  func finding(_ node: String, _ reason: String) -> Finding {
    Finding(
      id, mac: nil,
      title: "The node \(node) has ended while the machine was on it, and the machine with it.",
      evidence: [EvidenceItem("\(node): \(reason)")],
      fix:
        "Start the node again (pxelab node power off \(node), then on): a VirtualMachine starts then as its run "
        + "strategy says, an instance without one does not. `pxelab logs` names the node's programs, "
        + "with their last words.")
  }
}

extension MachineVerdict {
  /// The verdict on a machine whose node has ended before the machine was judged.
  ///
  /// - Parameter reason: how the node ended.
  package init(
    lost name: String, node: String, reason: String, places: [CauseField: ManifestPlace] = [:]
  ) {
    self.init(
      name: name, missing: "the node \(node) has ended",
      finding: NodeEnded().finding(node, reason), places: places)
  }
}
