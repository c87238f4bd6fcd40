import Objects

/// What lists of custom resources are printed with, as their definitions have it (KubeVirt, HCO, CDI
/// and kubernetes-nmstate, printcolumn markers).
enum CustomColumns {
  /// The columns of a kind: its name, and what its definition says, or its age.
  static func columns(of id: GroupResource) -> [PrinterColumn] {
    [.objectName] + (byKind[id] ?? [("Age", ".metadata.creationTimestamp", 0)]).map(column)
  }

  private typealias Definition = (name: String, path: String, priority: Int)

  private static func column(_ definition: Definition) -> PrinterColumn {
    let isAge = definition.path == ".metadata.creationTimestamp"
    guard let path = JSONPath(definition.path) else {
      return PrinterColumn(definition.name) { _, _ in .null }
    }
    return PrinterColumn(
      definition.name, path: path,
      type: isAge ? "date" : definition.path.hasSuffix("eplicas") ? "integer" : "string",
      priority: definition.priority)
  }

  private static let age: Definition = ("Age", ".metadata.creationTimestamp", 0)

  private static func condition(_ name: String, _ type: String, priority: Int = 0) -> Definition {
    (name, ".status.conditions[?(@.type=='\(type)')].status", priority)
  }

  private static let byKind: [GroupResource: [Definition]] = [
    .virtualMachines: [
      age, ("Status", ".status.printableStatus", 0), condition("Ready", "Ready"),
    ],
    .virtualMachineInstances: [
      age, ("Phase", ".status.phase", 0), ("IP", ".status.interfaces[0].ipAddress", 0),
      ("NodeName", ".status.nodeName", 0), condition("Ready", "Ready"),
      condition("Live-Migratable", "LiveMigratable", priority: 1),
      condition("Paused", "Paused", priority: 1),
    ],
    GroupResource("virtualmachineinstancemigrations", group: "kubevirt.io"): [
      ("Phase", ".status.phase", 0), ("VMI", ".spec.vmiName", 0),
    ],
    GroupResource("virtualmachineinstancereplicasets", group: "kubevirt.io"): [
      ("Desired", ".spec.replicas", 0), ("Current", ".status.replicas", 0),
      ("Ready", ".status.readyReplicas", 0), age,
    ],
    GroupResource("kubevirts", group: "kubevirt.io"): [age, ("Phase", ".status.phase", 0)],
    .dataVolumes: [
      ("Phase", ".status.phase", 0), ("Progress", ".status.progress", 0),
      ("Restarts", ".status.restartCount", 0), age,
    ],
    GroupResource("nodenetworkconfigurationpolicies", group: "nmstate.io"): [
      ("Status", ".status.conditions[?(@.status=='True')].type", 0),
      ("Reason", ".status.conditions[?(@.status=='True')].reason", 0),
    ],
    GroupResource("bootverdicts", group: "pxelab.dev"): [
      ("Machine", ".spec.title", 0), ("Boot", ".spec.start", 0),
      ("Verdict", ".status.verdict.verdict", 0), ("Finding", ".status.verdict.findings[0].id", 0),
      ("Stage", ".status.stage", 0), ("Node", ".spec.node", 1), age,
    ],
  ]
}
