/// The machine was not started: no node of a cluster like this machine would take it.
struct Unschedulable: FindingKind {
  let id = "PXL016"
  let fields: [CauseField] = [.processor, .placement, .bridgeResource]

  /// What helps against the scheduler's reasons, by words that they have (kube-scheduler, plugins).
  private static let remedies: [(words: String, remedy: String)] = [
    (
      "untolerated taint",
      "Give the machine a toleration (spec.tolerations, of a VirtualMachine"
        + " spec.template.spec.tolerations), or take the taint away: pxelab node taint NODE KEY-."
    ),
    (
      "node affinity/selector",
      "Give a node the labels that nodeSelector and affinity ask for (pxelab node label), or change"
        + " those."
    ),
    (
      "CPU ",
      "Change cpu.model, or the policy in cpu.features (force starts it anyway), or the cluster's"
        + " defaultCPUModel; or give a node another processor (spec.nodes[].cpu of lab.yaml). `pxelab node"
        + " describe NODE` lists what a node has."
    ),
    (
      "match pod affinity rules",
      "Run a machine with the labels that podAffinity asks for, in its namespace (of a VirtualMachine those"
        + " of spec.template.metadata count), or ask for them as preferred instead of required."
    ),
    (
      "anti-affinity rules",
      "Have more nodes (spec.nodes of lab.yaml), or ask for podAntiAffinity as"
        + " preferred instead of required."
    ),
    (
      "topology spread constraints",
      "Have more nodes with the label of topologyKey, or write whenUnsatisfiable: ScheduleAnyway."
    ),
    (
      "no scheduler of this lab is named",
      "Name the scheduler with its command in spec.schedulers of lab.yaml, or leave schedulerName out."
    ),
    (
      "has not placed it within",
      "See what the scheduler prints (pxelab logs) and whether it binds pods whose schedulerName is its own."
    ),
    ("were unschedulable", "Uncordon a node: pxelab node uncordon NODE."),
    (
      "Insufficient bridge.network.kubevirt.io/",
      "Name the bridge that the nodes have in the attachment's annotation"
        + " k8s.v1.cni.cncf.io/resourceName, or let a NodeNetworkConfigurationPolicy make it."
    ),
    ("Insufficient", "Ask for less, or give nodes more (spec.nodes[].capacity of lab.yaml)."),
  ]

  func finding(_ reasons: [String]) -> Finding {
    let text = reasons.joined(separator: " ")
    var remedies = Self.remedies.filter { text.contains($0.words) }
    // What is short is a bridge, and no more of it helps.
    if remedies.contains(where: { $0.words.hasPrefix("Insufficient ") }) {
      remedies.removeAll { $0.words == "Insufficient" }
    }
    var title = reasons.first ?? "it cannot be scheduled"
    while title.hasSuffix(".") { title.removeLast() }
    return Finding(
      id, mac: nil,
      title: "The machine stays Pending: \(title).",
      evidence: reasons.map { EvidenceItem($0) },
      fix: remedies.isEmpty
        ? "Change what the machine asks of nodes, or the nodes: `pxelab node list` and `pxelab node"
          + " describe` show what they are."
        : remedies.map(\.remedy).joined(separator: " "))
  }
}

extension MachineVerdict {
  /// The verdict on a machine that was not started, because no node would take it.
  package init(
    pending name: String, reasons: [String], places: [CauseField: ManifestPlace] = [:]
  ) {
    self.init(
      name: name, missing: "the machine stays Pending and was not started",
      finding: Unschedulable().finding(reasons), places: places)
  }
}
