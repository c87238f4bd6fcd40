import Objects
import Reconciliation

/// What lists of core kinds are printed with (kubernetes, pkg/printers/internalversion/printers.go).
enum CoreColumns {
  static let byKind: [GroupResource: [PrinterColumn]] = [
    GroupResource("pods"): pods, GroupResource("nodes"): nodes,
    GroupResource("namespaces"): [
      .objectName, column("Status") { $0["status", "phase"] }, .age,
    ],
    GroupResource("events"): events,
    GroupResource("events", group: "events.k8s.io"): events,
    .configMaps: [
      .objectName,
      PrinterColumn("Data") { tree, _ in
        .integer((tree["data"]?.entries.count ?? 0) + (tree["binaryData"]?.entries.count ?? 0))
      }, .age,
    ],
    .secrets: [
      .objectName, column("Type") { $0["type"] },
      PrinterColumn("Data") { tree, _ in .integer(tree["data"]?.entries.count ?? 0) }, .age,
    ],
    .persistentVolumeClaims: claims,
    .resourceQuotas: quotas,
    GroupResource("leases", group: "coordination.k8s.io"): [
      .objectName, column("Holder") { $0["spec", "holderIdentity"] }, .age,
    ],
  ]

  private static func column(
    _ name: String, priority: Int = 0, or fallback: String = "",
    describedAs description: String = "",
    _ value: @escaping @Sendable (ObjectNode) -> ObjectNode?
  ) -> PrinterColumn {
    PrinterColumn(name, priority: priority, description: description) { tree, _ in
      guard let value = value(tree), !value.isNull, let text = value.scalar?.text, !text.isEmpty
      else { return .text(fallback) }
      return .text(text)
    }
  }

  // MARK: Pods

  private static let pods: [PrinterColumn] = [
    .objectName,
    PrinterColumn("Ready") { tree, _ in
      let statuses = tree["status", "containerStatuses"]?.items ?? []
      let ready = statuses.filter { $0["ready"]?.boolean == true }.count
      return .text("\(ready)/\(tree["spec", "containers"]?.items.count ?? 0)")
    },
    PrinterColumn("Status") { tree, _ in .text(podStatus(tree)) },
    PrinterColumn("Restarts") { tree, _ in
      let statuses = tree["status", "containerStatuses"]?.items ?? []
      return .text("\(statuses.reduce(0) { $0 + ($1["restartCount"]?.integer ?? 0) })")
    },
    .age,
    column("IP", priority: 1, or: "<none>") { $0["status", "podIP"] },
    column("Node", priority: 1, or: "<none>") { $0["spec", "nodeName"] },
    column("Nominated Node", priority: 1, or: "<none>") { $0["status", "nominatedNodeName"] },
    PrinterColumn("Readiness Gates", priority: 1) { tree, _ in
      let gates = tree["spec", "readinessGates"]?.items ?? []
      guard !gates.isEmpty else { return "<none>" }
      let conditions = tree["status", "conditions"]?.items ?? []
      let met = gates.filter { gate in
        conditions.contains {
          $0["type"]?.string == gate["conditionType"]?.string && $0["status"]?.string == "True"
        }
      }
      return .text("\(met.count)/\(gates.count)")
    },
  ]

  /// The phase, or what says more: why a container waits or has ended, that the pod goes.
  private static func podStatus(_ pod: ObjectNode) -> String {
    var text = pod["status", "phase"]?.string ?? ""
    if let reason = pod["status", "reason"]?.string, !reason.isEmpty { text = reason }
    let gated = (pod["status", "conditions"]?.items ?? []).contains {
      $0["type"]?.string == "PodScheduled" && $0["reason"]?.string == "SchedulingGated"
    }
    if gated { text = "SchedulingGated" }
    for status in (pod["status", "containerStatuses"]?.items ?? []).reversed() {
      if let reason = status["state", "waiting", "reason"]?.string, !reason.isEmpty {
        text = reason
      } else if let ended = status["state", "terminated"], !ended.isNull {
        if let reason = ended["reason"]?.string, !reason.isEmpty {
          text = reason
        } else if let signal = ended["signal"]?.integer, signal != 0 {
          text = "Signal:\(signal)"
        } else {
          text = "ExitCode:\(ended["exitCode"]?.integer ?? 0)"
        }
      }
    }
    guard pod["metadata", "deletionTimestamp"] != nil else { return text }
    if pod["status", "reason"]?.string == "NodeLost" { return "Unknown" }
    return ["Succeeded", "Failed"].contains(pod["status", "phase"]?.string) ? text : "Terminating"
  }

  // MARK: Nodes

  private static let nodes: [PrinterColumn] = [
    .objectName,
    PrinterColumn("Status", description: "The status of the node") { tree, _ in
      let ready = (tree["status", "conditions"]?.items ?? []).first {
        $0["type"]?.string == "Ready"
      }
      var words = [
        ready.map { $0["status"]?.string == "True" ? "Ready" : "NotReady" } ?? "Unknown"
      ]
      if tree["spec", "unschedulable"]?.boolean == true { words.append("SchedulingDisabled") }
      return .text(words.joined(separator: ","))
    },
    PrinterColumn("Roles", description: "The roles of the node") { tree, _ in
      let prefix = "node-role.kubernetes.io/"
      let roles = (tree["metadata", "labels"]?.entries ?? []).compactMap { label -> String? in
        if label.key.hasPrefix(prefix) { return String(label.key.dropFirst(prefix.count)) }
        return label.key == "kubernetes.io/role" ? label.value.string : nil
      }.filter { !$0.isEmpty }
      return .text(roles.isEmpty ? "<none>" : Set(roles).sorted().joined(separator: ","))
    },
    .age,
    column("Version", describedAs: "Kubelet Version reported by the node.") {
      $0["status", "nodeInfo", "kubeletVersion"]
    },
    address("Internal-IP", "InternalIP"), address("External-IP", "ExternalIP"),
    column("OS-Image", priority: 1, or: "<unknown>") { $0["status", "nodeInfo", "osImage"] },
    PrinterColumn("Kernel-Version", priority: 1) { tree, _ in
      let info = tree["status", "nodeInfo"]
      guard let kernel = info?["kernelVersion"]?.string, !kernel.isEmpty else {
        return "<unknown>"
      }
      let architecture = info?["architecture"]?.string ?? ""
      return .text(architecture.isEmpty ? kernel : "\(kernel) (\(architecture))")
    },
    column("Container-Runtime", priority: 1, or: "<unknown>") {
      $0["status", "nodeInfo", "containerRuntimeVersion"]
    },
  ]

  private static func address(_ name: String, _ type: String) -> PrinterColumn {
    column(name, priority: 1, or: "<none>") { tree in
      (tree["status", "addresses"]?.items ?? []).first { $0["type"]?.string == type }?["address"]
    }
  }

  // MARK: Events

  private static let events: [PrinterColumn] = [
    PrinterColumn("Last Seen") { tree, now in
      let last = [
        tree["series", "lastObservedTime"], tree["lastTimestamp"], tree["eventTime"],
      ].compactMap { $0 }.first { $0.string != nil }
      return .text(PrinterColumn.age(of: last, at: now))
    },
    column("Type") { $0["type"] }, column("Reason") { $0["reason"] },
    PrinterColumn("Object", description: "The object that this event is about.") { tree, _ in
      let object = tree["involvedObject"] ?? tree["regarding"]
      let kind = object?["kind"]?.string?.lowercased() ?? ""
      let name = object?["name"]?.string ?? ""
      return .text(name.isEmpty ? kind : "\(kind)/\(name)")
    },
    column("Subobject", priority: 1) { $0["involvedObject", "fieldPath"] },
    PrinterColumn("Source", priority: 1) { tree, _ in
      let component = tree["source", "component"]?.string ?? ""
      let reporting = tree["reportingComponent"]?.string ?? ""
      let host = tree["source", "host"]?.string ?? ""
      let instance = tree["reportingInstance"]?.string ?? ""
      let words = [component.isEmpty ? reporting : component, host.isEmpty ? instance : host]
      return .text(words.filter { !$0.isEmpty }.joined(separator: ", "))
    },
    PrinterColumn("Message") { tree, _ in
      .text((tree["message"] ?? tree["note"])?.string?.trimmed ?? "")
    },
    PrinterColumn("First Seen", priority: 1) { tree, now in
      let first = [tree["firstTimestamp"], tree["eventTime"]].compactMap { $0 }
        .first { $0.string != nil }
      return .text(PrinterColumn.age(of: first, at: now))
    },
    PrinterColumn("Count", priority: 1) { tree, _ in
      .integer(tree["series", "count"]?.integer ?? tree["count"]?.integer ?? 1)
    },
    PrinterColumn("Name", format: "name", priority: 1) { tree, _ in
      tree["metadata", "name"] ?? ""
    },
  ]

  // MARK: Claims and quotas

  private static let accessModes = [
    "ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX",
    "ReadWriteOncePod": "RWOP",
  ]

  /// How a volume may be used, in short.
  static func accessModes(_ tree: ObjectNode?) -> ObjectNode {
    let modes = tree?["accessModes"]?.items ?? []
    return .text(modes.compactMap { $0.string.flatMap { accessModes[$0] } }.joined(separator: ","))
  }

  private static let claims: [PrinterColumn] = [
    .objectName, column("Status") { $0["status", "phase"] },
    column("Volume") { $0["spec", "volumeName"] },
    column("Capacity") { $0["status", "capacity", "storage"] },
    PrinterColumn("Access Modes") { tree, _ in accessModes(tree["status"]) },
    column("StorageClass") { $0["spec", "storageClassName"] }, .age,
    column("VolumeMode", priority: 1, or: "<unset>") { $0["spec", "volumeMode"] },
  ]

  private static let quotas: [PrinterColumn] = [
    .objectName, .age, quota("Request") { !$0.hasPrefix("limits.") },
    quota("Limit") { $0.hasPrefix("limits.") },
  ]

  private static func quota(
    _ name: String, _ isShown: @escaping @Sendable (String) -> Bool
  ) -> PrinterColumn {
    PrinterColumn(name) { tree, _ in
      let hard = tree["status", "hard"] ?? tree["spec", "hard"]
      let lines = (hard?.entries ?? []).filter { isShown($0.key) }.sorted { $0.key < $1.key }
        .map { entry in
          let used = tree["status", "used"]?[entry.key]?.scalar?.text ?? "0"
          return "\(entry.key): \(used)/\(entry.value.scalar?.text ?? "")"
        }
      return .text(lines.joined(separator: ", "))
    }
  }
}
