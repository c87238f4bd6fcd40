import Objects

/// Which nodes a launcher pod asks for (pkg/virt-controller/services: nodeselectorrenderer.go and
/// template.go).
struct LauncherPlacement {
  private static let enlightenments = [
    "vpindex", "runtime", "reset", "synic", "synictimer", "frequencies", "reenlightenment",
    "tlbflush", "ipi",
  ]

  private let traits: LauncherTraits
  private let cluster: ClusterSettings

  init(_ traits: LauncherTraits, cluster: ClusterSettings) {
    self.traits = traits
    self.cluster = cluster
  }

  private var emulatesArchitectures: Bool { cluster.isOn("CrossArchitectureVirtualization") }

  /// The labels that a node must have.
  var nodeSelector: [String: String] {
    var labels = [NodeLabel.schedulable: "true"]
    if !traits.architecture.isEmpty {
      labels["kubernetes.io/arch"] = traits.architecture.lowercased()
    }
    labels.merge(cluster.launcher.nodeSelectors) { $1 }
    for entry in traits.spec["nodeSelector"].node?.entries ?? [] {
      labels[entry.key] = entry.value.scalar?.text ?? ""
    }
    if emulatesArchitectures {
      labels["kubernetes.io/arch"] = nil
      labels["kubevirt.io/vm-arch-\(traits.architecture)"] = "true"
    }
    for label in demanded { labels[label] = "true" }
    return labels
  }

  private var demanded: [String] {
    var labels: [String] = []
    if traits.isDedicated { labels.append("kubevirt.io/cpumanager") }
    if cluster.isOn("HypervStrictCheck") { labels += hyperv }
    if !["", "host-model", "host-passthrough"].contains(traits.model) {
      labels.append(NodeLabel.model + traits.model)
    }
    let machine = traits.domain["machine"]["type"].string
    if !machine.isEmpty { labels.append(NodeLabel.machineType + machine) }
    for feature in features where ["", "require"].contains(feature["policy"].string) {
      labels.append(NodeLabel.feature + feature["name"].string)
    }
    if traits.domain["cpu"]["realtime"].exists { labels.append("kubevirt.io/realtime") }
    if traits.isSEV { labels.append(NodeLabel.sev) }
    if traits.isSEVES { labels.append(NodeLabel.sevES) }
    if traits.isSNP { labels.append("kubevirt.io/sev-snp") }
    if traits.isSecureExecution { labels.append("kubevirt.io/s390-pv") }
    if traits.isTDX { labels.append("kubevirt.io/tdx") }
    return labels
  }

  private var features: [APIValue] { traits.domain["cpu"]["features"].items }

  private var hyperv: [String] {
    let hyperv = traits.domain["features"]["hyperv"]
    var labels = Self.enlightenments.filter { hyperv[$0].isEnabled }.map {
      NodeLabel.enlightenment + $0
    }
    if hyperv["evmcs"].isEnabled { labels.append("\(NodeLabel.vendor)Intel") }
    return labels
  }

  /// Labels that a node must not have.
  private var forbidden: [String] {
    var labels: [String] = []
    if ["", "host-model"].contains(traits.model) {
      labels.append(NodeLabel.obsoleteHostModel)
    }
    for feature in features where feature["policy"].string == "forbid" {
      labels.append(NodeLabel.feature + feature["name"].string)
    }
    return labels
  }

  /// The affinity: the instance's, and what must not be added to each of its terms; `nil` for none.
  var affinity: ObjectNode? {
    var affinity = traits.spec["affinity"].node
    let required = "requiredDuringSchedulingIgnoredDuringExecution"
    let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
    let expressions = forbidden.map { label -> ObjectNode in
      ["key": .text(label), "operator": "DoesNotExist"]
    }
    if !expressions.isEmpty {
      var tree = affinity ?? .mapping()
      var terms = tree["nodeAffinity", required, "nodeSelectorTerms"] ?? .sequence([])
      if terms.items.isEmpty { terms = .sequence([.mapping()]) }
      terms.editItems { _, term in
        if !term.isMapping { term = .mapping() }
        term["matchExpressions", default: .sequence([])].append(contentsOf: expressions)
        return true
      }
      tree["nodeAffinity", required, "nodeSelectorTerms"] = terms
      affinity = tree
    }
    if emulatesArchitectures {
      var tree = affinity ?? .mapping()
      var terms = tree["nodeAffinity", preferred] ?? .sequence([])
      terms.append(contentsOf: [
        [
          "weight": 100,
          "preference": [
            "matchExpressions": [
              [
                "key": "kubernetes.io/arch", "operator": "In",
                "values": [.text(traits.architecture)],
              ]
            ]
          ],
        ]
      ])
      tree["nodeAffinity", preferred] = terms
      affinity = tree
    }
    return affinity
  }
}
