import Objects
import Reconciliation

extension ResourceDefinition {
  /// Kinds that a cluster has and clients ask for, a kube-scheduler above all, which waits for the lists of
  /// them all before it begins. A lab keeps their objects; for most nothing in a lab does anything, and who
  /// makes one is told so.
  static let cluster = workloads + storage + claims + machines

  private static let workloads: [ResourceDefinition] = [
    idle("services", "Service", short: ["svc"], isInAll: true, hasStatus: true, columns: services),
    idle(
      "replicationcontrollers", "ReplicationController", short: ["rc"], isInAll: true,
      hasStatus: true,
      isScaled: true, columns: replicas),
    idle(
      "persistentvolumes", "PersistentVolume", short: ["pv"], isNamespaced: false, hasStatus: true,
      columns: volumes),
    kept(
      "serviceaccounts", "ServiceAccount", short: ["sa"],
      columns: [.objectName, count("Secrets", "secrets"), .age]),
    idle(
      "replicasets", "ReplicaSet", group: "apps", short: ["rs"], isInAll: true, hasStatus: true,
      isScaled: true, columns: replicas),
    idle(
      "statefulsets", "StatefulSet", group: "apps", short: ["sts"], isInAll: true, hasStatus: true,
      isScaled: true,
      columns: [
        .objectName,
        PrinterColumn("Ready", description: "Number of the pod with ready state") { tree, _ in
          let ready = tree["status", "readyReplicas"]?.integer ?? 0
          return .text("\(ready)/\(tree["spec", "replicas"]?.integer ?? 0)")
        }, .age, containers("name"), images,
      ]),
    idle(
      "poddisruptionbudgets", "PodDisruptionBudget", group: "policy", short: ["pdb"],
      hasStatus: true,
      columns: [
        .objectName, text("Min Available", "spec", "minAvailable", or: "N/A"),
        text("Max Unavailable", "spec", "maxUnavailable", or: "N/A"),
        number("Allowed Disruptions", "status", "disruptionsAllowed"), .age,
      ]),
    kept(
      "priorityclasses", "PriorityClass", group: "scheduling.k8s.io", short: ["pc"],
      isNamespaced: false,
      columns: [
        .objectName, number("Value", "value"),
        PrinterColumn("Global-Default", type: "boolean") { tree, _ in
          .boolean(tree["globalDefault"]?.boolean ?? false)
        }, .age, text("PreemptionPolicy", "preemptionPolicy"),
      ]),
  ]

  private static let storage: [ResourceDefinition] = [
    kept(
      "storageclasses", "StorageClass", group: "storage.k8s.io", short: ["sc"], isNamespaced: false,
      columns: [
        PrinterColumn("Name", format: "name") { tree, _ in
          let isDefault =
            tree["metadata", "annotations", "storageclass.kubernetes.io/is-default-class"]?.string
            == "true"
          return .text((tree["metadata", "name"]?.string ?? "") + (isDefault ? " (default)" : ""))
        }, text("Provisioner", "provisioner"), text("ReclaimPolicy", "reclaimPolicy", or: "Delete"),
        text("VolumeBindingMode", "volumeBindingMode", or: "Immediate"),
        PrinterColumn("AllowVolumeExpansion") { tree, _ in
          .boolean(tree["allowVolumeExpansion"]?.boolean ?? false)
        }, .age,
      ]),
    kept(
      "csinodes", "CSINode", group: "storage.k8s.io", isNamespaced: false,
      columns: [.objectName, count("Drivers", "spec", "drivers"), .age]),
    kept(
      "csidrivers", "CSIDriver", group: "storage.k8s.io", isNamespaced: false,
      columns: [
        .objectName, flag("AttachRequired", "attachRequired", or: true),
        flag("PodInfoOnMount", "podInfoOnMount", or: false),
        flag("StorageCapacity", "storageCapacity", or: false), .age,
      ]),
    kept(
      "csistoragecapacities", "CSIStorageCapacity", group: "storage.k8s.io",
      columns: [
        .objectName, text("StorageClassName", "storageClassName"), text("Capacity", "capacity"),
      ]),
    idle(
      "volumeattachments", "VolumeAttachment", group: "storage.k8s.io", isNamespaced: false,
      hasStatus: true,
      columns: [
        .objectName, text("Attacher", "spec", "attacher"),
        text("PV", "spec", "source", "persistentVolumeName"), text("Node", "spec", "nodeName"),
        flag("Attached", "status", "attached", or: false), .age,
      ]),
  ]

  private static let claims: [ResourceDefinition] = [
    kept(
      "deviceclasses", "DeviceClass", group: "resource.k8s.io", isNamespaced: false,
      columns: [.objectName, .age]),
    idle(
      "resourceclaims", "ResourceClaim", group: "resource.k8s.io", hasStatus: true,
      columns: [
        .objectName,
        PrinterColumn("State") { tree, _ in
          tree["status", "allocation"] == nil ? "pending" : "allocated"
        }, .age,
      ]),
    kept(
      "resourceslices", "ResourceSlice", group: "resource.k8s.io", isNamespaced: false,
      columns: [
        .objectName, text("Node", "spec", "nodeName"), text("Driver", "spec", "driver"),
        text("Pool", "spec", "pool", "name"), .age,
      ]),
  ]

  private static let machines: [ResourceDefinition] = {
    var migrations = ResourceDefinition(
      APIResource(
        GroupResource("virtualmachineinstancemigrations", group: "kubevirt.io"),
        versions: ["v1", "v1alpha3"], kind: "VirtualMachineInstanceMigration",
        shortNames: ["vmim", "vmims"], categories: ["all"], hasStatus: true))
    migrations.admission = warning("VirtualMachineInstanceMigration")
    var sets = ResourceDefinition(
      APIResource(
        GroupResource("virtualmachineinstancereplicasets", group: "kubevirt.io"),
        versions: ["v1", "v1alpha3"], kind: "VirtualMachineInstanceReplicaSet",
        shortNames: ["vmirs", "vmirss"], categories: ["all"], hasStatus: true))
    sets.admission = warning("VirtualMachineInstanceReplicaSet")
    sets.scale = .usual
    return [migrations, sets]
  }()

  // MARK: Kinds

  /// A kind whose objects are what they say, or are looked at by clients alone.
  private static func kept(
    _ name: String, _ kind: String, group: String = "", short shortNames: [String] = [],
    isInAll: Bool = false, isNamespaced: Bool = true, hasStatus: Bool = false,
    columns: [PrinterColumn]
  ) -> ResourceDefinition {
    ResourceDefinition(
      APIResource(
        GroupResource(name, group: group), kind: kind, shortNames: shortNames,
        categories: isInAll ? ["all"] : [], isNamespaced: isNamespaced, hasStatus: hasStatus),
      updatesUnconditionally: true, columns: columns)
  }

  /// A kind whose objects a cluster's controllers would act upon.
  private static func idle(
    _ name: String, _ kind: String, group: String = "", short shortNames: [String] = [],
    isInAll: Bool = false, isNamespaced: Bool = true, hasStatus: Bool = false,
    isScaled: Bool = false, columns: [PrinterColumn]
  ) -> ResourceDefinition {
    var definition = kept(
      name, kind, group: group, short: shortNames, isInAll: isInAll,
      isNamespaced: isNamespaced, hasStatus: hasStatus, columns: columns)
    definition.admission = warning(kind)
    if isScaled { definition.scale = .usual }
    return definition
  }

  private static func warning(_ kind: String) -> Admission {
    { request in
      AdmittedObject(
        request.object,
        warnings: request.previous == nil
          ? ["a lab keeps objects of the kind \(kind), and nothing in it acts on them"] : [])
    }
  }

  // MARK: Columns

  private static func text(
    _ name: String, _ path: String..., or fallback: String = ""
  ) -> PrinterColumn {
    PrinterColumn(name) { tree, _ in
      let value = path.reduce(tree as ObjectNode?) { $0?[$1] }
      guard let value, !value.isNull, let text = value.scalar?.text, !text.isEmpty else {
        return .text(fallback)
      }
      return .text(text)
    }
  }

  private static func number(_ name: String, _ path: String...) -> PrinterColumn {
    PrinterColumn(name, type: "integer") { tree, _ in
      .integer(path.reduce(tree as ObjectNode?) { $0?[$1] }?.integer ?? 0)
    }
  }

  private static func count(_ name: String, _ path: String...) -> PrinterColumn {
    PrinterColumn(name, type: "integer") { tree, _ in
      .integer(path.reduce(tree as ObjectNode?) { $0?[$1] }?.items.count ?? 0)
    }
  }

  private static func flag(_ name: String, _ path: String..., or fallback: Bool) -> PrinterColumn {
    let path = path.count == 1 ? ["spec"] + path : path
    return PrinterColumn(name, type: "boolean") { tree, _ in
      .boolean(path.reduce(tree as ObjectNode?) { $0?[$1] }?.boolean ?? fallback)
    }
  }

  private static func containers(_ field: String) -> PrinterColumn {
    let says = field == "name" ? "Names of each container in the template." : ""
    return PrinterColumn(
      field == "name" ? "Containers" : "Images", priority: 1, description: says
    ) { tree, _ in
      let containers = tree["spec", "template", "spec", "containers"]?.items ?? []
      return .text(containers.compactMap { $0[field]?.string }.joined(separator: ","))
    }
  }

  private static let images = containers("image")

  private static func selector(_ path: String...) -> PrinterColumn {
    PrinterColumn("Selector", priority: 1) { tree, _ in
      let labels = path.reduce(tree as ObjectNode?) { $0?[$1] }?.entries ?? []
      let words = labels.map { "\($0.key)=\($0.value.scalar?.text ?? "")" }.sorted()
      return .text(words.isEmpty ? "<none>" : words.joined(separator: ","))
    }
  }

  private static let replicas: [PrinterColumn] = [
    .objectName, number("Desired", "spec", "replicas"), number("Current", "status", "replicas"),
    number("Ready", "status", "readyReplicas"), .age, containers("name"), images,
    selector("spec", "selector"),
  ]

  private static let services: [PrinterColumn] = [
    .objectName, text("Type", "spec", "type", or: "ClusterIP"),
    text("Cluster-IP", "spec", "clusterIP", or: "<none>"),
    PrinterColumn("External-IP") { tree, _ in
      let addresses = (tree["spec", "externalIPs"]?.items ?? []).compactMap(\.string)
      return .text(addresses.isEmpty ? "<none>" : addresses.joined(separator: ","))
    },
    PrinterColumn("Port(s)") { tree, _ in
      let ports = (tree["spec", "ports"]?.items ?? []).map { port in
        let node = port["nodePort"]?.integer.map { ":\($0)" } ?? ""
        return "\(port["port"]?.integer ?? 0)\(node)/\(port["protocol"]?.string ?? "TCP")"
      }
      return .text(ports.isEmpty ? "<none>" : ports.joined(separator: ","))
    },
    .age, selector("spec", "selector"),
  ]

  private static let volumes: [PrinterColumn] = [
    .objectName, text("Capacity", "spec", "capacity", "storage"),
    PrinterColumn("Access Modes") { tree, _ in CoreColumns.accessModes(tree["spec"]) },
    text("Reclaim Policy", "spec", "persistentVolumeReclaimPolicy", or: "Retain"),
    text("Status", "status", "phase", or: "Pending"),
    PrinterColumn("Claim") { tree, _ in
      guard let claim = tree["spec", "claimRef"] else { return "" }
      return .text("\(claim["namespace"]?.string ?? "")/\(claim["name"]?.string ?? "")")
    },
    text("StorageClass", "spec", "storageClassName"),
    text("VolumeAttributesClass", "spec", "volumeAttributesClassName", or: "<unset>"),
    text("Reason", "status", "reason"), .age,
    PrinterColumn("VolumeMode", priority: 1) { tree, _ in
      .text(tree["spec", "volumeMode"]?.string ?? "<unset>")
    },
  ]
}
