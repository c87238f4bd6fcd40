import Objects

/// The fields of a HyperConverged's spec as far as they are judged: what is not told in detail here is
/// taken as it is (hyperconverged-cluster-operator, api/v1beta1 and api/v1, hyperconverged_types.go).
indirect enum HyperConvergedFields: Sendable {
  /// Anything.
  case any
  /// A text.
  case text
  /// A length of time as Go writes it.
  case duration
  /// True or false.
  case boolean
  /// A mapping that has these fields and no others.
  case object([String: HyperConvergedFields])
  /// A mapping of feature gates to whether they are on.
  case gates

  /// Those of a version.
  static func spec(isV1: Bool) -> [String: HyperConvergedFields] { isV1 ? v1 : v1beta1 }

  /// The name of the gate that a cluster ignores, and OpenShift's documentation has switched on.
  static let documentedGate = "VMPersistentState"

  /// The gates that v1beta1 has.
  static let gateNames: Set<String> = [
    "alignCPUs", "autoResourceLimits", "containerPathVolumes", "decentralizedLiveMigration",
    "declarativeHotplugVolumes", "deployKubeSecondaryDNS", "deployKubevirtIpamController",
    "deployTektonTaskResources", "deployVmConsoleProxy", "disableMDevConfiguration",
    "downwardMetrics", "enableApplicationAwareQuota", "enableCommonBootImageImport",
    "enableManagedTenantQuota", "enableMultiArchBootImageImport", "incrementalBackup", "nonRoot",
    "objectGraph", "persistentReservation", "primaryUserDefinedNetworkBinding", "videoConfig",
    "withHostPassthroughCPU",
  ]

  /// Whether v1beta1 has no gate of a name, and nothing else is said of it.
  static func isUnknownGate(_ name: String) -> Bool {
    !gateNames.contains(name) && nearest(to: name, among: [documentedGate]) == nil
  }

  private static let certConfig: HyperConvergedFields = .object([
    "ca": .object(["duration": .duration, "renewBefore": .duration]),
    "server": .object(["duration": .duration, "renewBefore": .duration]),
  ])

  /// Those of KubeVirt that a lab reads in a HyperConverged of either version; a cluster has them in its
  /// KubeVirt alone.
  private static let ofKubeVirt: [String: HyperConvergedFields] = [
    "emulatedMachines": .any, "vmRolloutStrategy": .any,
  ]

  private static let v1: [String: HyperConvergedFields] =
    [
      "deployment": .any, "featureGates": .any, "networking": .any, "observability": .any,
      "security": .object(["certConfig": certConfig, "tlsSecurityProfile": .any]),
      "storage": .any, "virtualization": .any, "workloadSources": .any,
    ].merging(ofKubeVirt) { $1 }

  private static let v1beta1: [String: HyperConvergedFields] = {
    var fields = ofKubeVirt
    for name in [
      "CommonInstancetypesDeployment", "applicationAwareConfig",
      "changedBlockTrackingLabelSelectors", "dataImportCronTemplates", "filesystemOverhead",
      "higherWorkloadDensity", "hypervisors", "infra", "instancetypeConfig", "ksmConfiguration",
      "kubeMacPoolConfiguration", "liveMigrationConfig", "liveUpdateConfiguration",
      "logVerbosityConfig", "mediatedDevicesConfiguration", "networkBinding", "obsoleteCPUs",
      "permittedHostDevices", "resourceRequirements", "storageImport", "tlsSecurityProfile",
      "virtualMachineOptions", "workloadUpdateStrategy", "workloads",
    ] {
      fields[name] = .any
    }
    for name in [
      "commonBootImageNamespace", "commonTemplatesNamespace", "defaultCPUModel",
      "defaultRuntimeClass", "evictionStrategy", "kubeSecondaryDNSNameServerIP",
      "localStorageClassName", "roleAggregationStrategy", "scratchSpaceStorageClass",
      "tektonPipelinesNamespace", "tektonTasksNamespace", "tuningPolicy", "uninstallStrategy",
      "vddkInitImage", "vmStateStorageClass",
    ] {
      fields[name] = .text
    }
    for name in [
      "deployVmConsoleProxy", "enableApplicationAwareQuota", "enableCommonBootImageImport",
    ] {
      fields[name] = .boolean
    }
    fields["certConfig"] = certConfig
    fields["featureGates"] = .gates
    return fields
  }()
}

/// A value without the fields that its type does not have, and what was found in it.
package struct PrunedFields: Sendable {
  /// The value.
  var node: ObjectNode
  /// The paths of what was left out.
  var unknown: [String] = []
  /// Whether a text is none of its field's: what the API server takes and the webhook cannot read.
  var isUnreadable = false
  /// Values of another type than their field's.
  var mistyped: [Mistyped] = []

  /// A value of another type than its field's.
  package struct Mistyped: Hashable, Sendable {
    /// Its path.
    package let field: String
    /// The type that it should have, and the one that it has, as a schema calls them.
    package let wanted: String
    package let given: String
  }

  /// Prunes a value.
  init(_ node: ObjectNode, _ fields: HyperConvergedFields, path: String) {
    self.node = node
    // Null is nothing, whatever the type.
    guard !node.isNull else { return }
    switch fields {
    case .any: return
    case .text: want("string", path)
    case .duration:
      want("string", path)
      isUnreadable = mistyped.isEmpty && node.string.flatMap { GoDuration($0) } == nil
    case .boolean: want("boolean", path)
    case .object(let known): prune(path) { known[$0] }
    // A lab takes KubeVirt's gates here too, which a cluster drops.
    case .gates: prune(path) { _ in .boolean }
    }
  }

  private mutating func want(_ type: String, _ path: String) {
    guard node.schemaType != type else { return }
    mistyped.append(Mistyped(field: path, wanted: type, given: node.schemaType))
  }

  private mutating func prune(
    _ path: String, _ known: (_ name: String) -> HyperConvergedFields?
  ) {
    guard node.isMapping else {
      return want("object", path)
    }
    for entry in node.entries {
      let field = "\(path).\(entry.key)"
      guard let type = known(entry.key) else {
        unknown.append(field)
        node[entry.key] = nil
        continue
      }
      let pruned = PrunedFields(entry.value, type, path: field)
      unknown += pruned.unknown
      isUnreadable = isUnreadable || pruned.isUnreadable
      mistyped += pruned.mistyped
      if !pruned.unknown.isEmpty { node[entry.key] = pruned.node }
    }
  }
}
