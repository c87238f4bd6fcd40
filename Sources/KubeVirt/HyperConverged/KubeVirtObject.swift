import Objects

/// The KubeVirt that a HyperConverged's operator writes (hyperconverged-cluster-operator 1.13,
/// controllers/operands/kubevirt.go), as far as a lab has a use for it or people look at it.
package struct KubeVirtObject: Sendable {
  /// Its name.
  package static let name = "kubevirt-\(HyperConvergedObject.name)"

  /// `metadata.labels`, without those of others.
  package let labels: ObjectNode = [
    "app": .text(HyperConvergedObject.name), "app.kubernetes.io/component": "compute",
    "app.kubernetes.io/managed-by": "hco-operator",
    "app.kubernetes.io/part-of": "hyperconverged-cluster",
  ]
  /// `spec`.
  package let spec: ObjectNode

  /// The one of a HyperConverged of v1beta1 that was admitted.
  ///
  /// - Returns: `nil` for one that no cluster would have.
  package init?(of hyperConverged: ObjectNode) {
    let wanted = hyperConverged["spec"] ?? [:]
    guard let terms = try? CertificateTerms(certConfig: wanted["certConfig"]),
      let configuration = try? Self.configuration(of: hyperConverged)
    else { return nil }
    var spec: ObjectNode = [
      "certificateRotateStrategy": terms.rotateStrategy, "configuration": configuration,
      "productComponent": "compute", "productName": "hyperconverged-cluster",
      "uninstallStrategy": wanted["uninstallStrategy"] ?? "BlockUninstallIfWorkloadsExist",
    ]
    for part in ["infra", "workloads"] {
      if let placement = wanted[part, "nodePlacement"] { spec[part] = ["nodePlacement": placement] }
    }
    spec["workloadUpdateStrategy"] = wanted["workloadUpdateStrategy"]
    spec["serviceMonitorNamespace"] = hyperConverged["metadata", "namespace"]
    self.spec = spec.canonical
  }

  /// The gates that every KubeVirt of a HyperConverged has, in the operator's order.
  static let hardCodedGates = [
    "CPUManager", "Snapshot", "HotplugVolumes", "ExpandDisks", "GPU", "HostDevices", "NUMA",
    "VMExport", "DisableCustomSELinuxPolicy", "KubevirtSeccompProfile", "HotplugNICs",
    "VMPersistentState", "NetworkBindingPlugins", "CommonInstancetypesDeploymentGate",
    "VMLiveUpdateFeatures", "WithHostModelCPU", "HypervStrictCheck",
  ]

  /// KubeVirt's name of a HyperConverged's gate.
  private static let gates: [(hyperConverged: String, kubeVirt: String)] = [
    ("downwardMetrics", "DownwardMetrics"), ("withHostPassthroughCPU", "WithHostPassthroughCPU"),
    ("disableMDevConfiguration", "DisableMDEVConfiguration"),
    ("persistentReservation", "PersistentReservation"),
    ("autoResourceLimits", "AutoResourceLimitsGate"), ("alignCPUs", "AlignCPUs"),
  ]

  private static func configuration(
    of hyperConverged: ObjectNode
  ) throws(TuningPolicy.Refusal) -> ObjectNode {
    let wanted = hyperConverged["spec"] ?? [:]
    let chosen = gates.filter { wanted["featureGates", $0.hyperConverged]?.boolean == true }
    var developer: ObjectNode = [
      "featureGates": .sequence((hardCodedGates + chosen.map(\.kubeVirt)).map { .text($0) })
    ]
    developer["memoryOvercommit"] = wanted["higherWorkloadDensity", "memoryOvercommitPercentage"]
    developer["cpuAllocationRatio"] = wanted["resourceRequirements", "vmiCPUAllocationRatio"]
    var obsolete: ObjectNode = [:]
    let models = (wanted["obsoleteCPUs", "cpuModels"]?.items ?? []).compactMap(\.string)
    for model in ClusterSettings.obsoleteModelsOfOperator + models { obsolete[model] = true }
    var network: ObjectNode = ["defaultNetworkInterface": "masquerade"]
    network["binding"] = wanted["networkBinding"]
    var configuration: ObjectNode = [
      "developerConfiguration": developer, "network": network, "obsoleteCPUModels": obsolete,
      "vmRolloutStrategy": wanted["vmRolloutStrategy"] ?? "LiveUpdate",
    ]
    configuration["migrations"] = wanted["liveMigrationConfig"]
    configuration["minCPUModel"] = wanted["obsoleteCPUs", "minCPUModel"]
    for name in [
      "defaultRuntimeClass", "evictionStrategy", "ksmConfiguration",
      "mediatedDevicesConfiguration", "permittedHostDevices", "vmStateStorageClass",
      "emulatedMachines",
    ] {
      configuration[name] = wanted[name]
    }
    if let model = wanted["defaultCPUModel"]?.string, !model.isEmpty {
      configuration["cpuModel"] = .text(model)
    }
    for option in ["disableFreePageReporting", "disableSerialConsoleLog"]
    where wanted["virtualMachineOptions", option]?.boolean == true {
      configuration["virtualMachineOptions", option] = [:]
    }
    if let policy = try TuningPolicy.of(hyperConverged) {
      for part in TuningPolicy.parts { configuration[part] = policy.configuration }
    }
    return configuration
  }
}
