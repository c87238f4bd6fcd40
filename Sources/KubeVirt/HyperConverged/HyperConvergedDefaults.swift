import Objects

/// The defaults that the CRD of a HyperConverged fills in, at each level (hyperconverged-cluster-operator
/// 1.13, v1beta1; recorded).
enum HyperConvergedDefaults {
  /// A spec of v1beta1 with what it leaves out.
  static func filled(_ spec: ObjectNode?) -> ObjectNode { filled(spec, with: defaults) }

  private static func filled(_ node: ObjectNode?, with defaults: ObjectNode) -> ObjectNode {
    guard let node, !node.isNull else { return defaults }
    guard node.isMapping, defaults.isMapping else { return node }
    var whole = node
    for entry in defaults.entries {
      whole[entry.key] = filled(node[entry.key], with: entry.value)
    }
    return whole
  }

  private static let defaults: ObjectNode = [
    "certConfig": [
      "ca": ["duration": "48h0m0s", "renewBefore": "24h0m0s"],
      "server": ["duration": "24h0m0s", "renewBefore": "12h0m0s"],
    ],
    "featureGates": [
      "alignCPUs": false, "autoResourceLimits": false, "deployKubeSecondaryDNS": false,
      "deployKubevirtIpamController": false, "deployTektonTaskResources": false,
      "deployVmConsoleProxy": false, "disableMDevConfiguration": false, "downwardMetrics": false,
      "enableApplicationAwareQuota": false, "enableCommonBootImageImport": true,
      "enableManagedTenantQuota": false, "nonRoot": true, "persistentReservation": false,
      "primaryUserDefinedNetworkBinding": false, "withHostPassthroughCPU": false,
    ],
    "higherWorkloadDensity": ["memoryOvercommitPercentage": 100],
    "liveMigrationConfig": [
      "allowAutoConverge": false, "allowPostCopy": false, "completionTimeoutPerGiB": 800,
      "parallelMigrationsPerCluster": 5, "parallelOutboundMigrationsPerNode": 2,
      "progressTimeout": 150,
    ],
    "resourceRequirements": ["vmiCPUAllocationRatio": 10],
    "uninstallStrategy": "BlockUninstallIfWorkloadsExist",
    "virtualMachineOptions": [
      "disableFreePageReporting": false, "disableSerialConsoleLog": true,
    ],
    "workloadUpdateStrategy": [
      "batchEvictionInterval": "1m0s", "batchEvictionSize": 10,
      "workloadUpdateMethods": ["LiveMigrate"],
    ],
  ]
}
