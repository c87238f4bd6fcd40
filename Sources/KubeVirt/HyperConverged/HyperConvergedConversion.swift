import Objects

/// A HyperConverged in one version as it is in the other (hyperconverged-cluster-operator,
/// api/v1beta1/conversion.go). What has no place in the other version stays where it is, so that nothing
/// is lost on the way there and back.
package enum HyperConvergedConversion {
  /// The versions, the preferred one first.
  package static let versions = ["hco.kubevirt.io/v1beta1", "hco.kubevirt.io/v1"]

  /// An object in a version, whichever it is in.
  package static func converted(_ object: ObjectNode, to version: String) -> ObjectNode {
    guard object["apiVersion"]?.string != version, versions.contains(version) else { return object }
    var converted = object
    converted["apiVersion"] = .text(version)
    guard var spec = object["spec"], spec.isMapping else { return converted }
    let isV1 = version == versions[1]
    for (old, new) in places {
      let (from, to) = isV1 ? (old, new) : (new, old)
      guard let value = take(from, out: &spec) else { continue }
      set(value, at: to, in: &spec)
    }
    if isV1 {
      // It has become what KubeVirt does in any case.
      if spec["virtualization", "tuningPolicy"]?.string == "highBurst" {
        spec["virtualization", "tuningPolicy"] = nil
      }
      convertGatesToList(&spec)
    } else {
      convertGatesToMapping(&spec)
    }
    converted["spec"] = spec
    return converted
  }

  /// Where a field is in v1, by its place in v1beta1, both below `spec`.
  static func placeInV1(_ path: [String]) -> [String] {
    guard let (old, new) = places.first(where: { path.starts(with: $0.v1beta1) }) else {
      return path
    }
    return new + path.dropFirst(old.count)
  }

  /// The same field in v1beta1 and in v1, below `spec`.
  private static let places: [(v1beta1: [String], v1: [String])] = {
    var places: [(v1beta1: [String], v1: [String])] = [
      (["infra", "nodePlacement"], ["deployment", "nodePlacements", "infra"]),
      (["workloads", "nodePlacement"], ["deployment", "nodePlacements", "workload"]),
      (["obsoleteCPUs", "cpuModels"], ["virtualization", "obsoleteCPUModels"]),
      (
        ["resourceRequirements", "storageWorkloads"], ["storage", "workloadResourceRequirements"]
      ),
      (
        ["enableApplicationAwareQuota"], ["deployment", "applicationAwareConfig", "enable"]
      ),
      (["CommonInstancetypesDeployment"], ["workloadSources", "commonInstancetypesDeployment"]),
      (["permittedHostDevices"], ["virtualization", "permittedHostDevices"]),
    ]
    // Before the mappings that they are in.
    for name in ["defaultCPUModel", "defaultRuntimeClass"] {
      places.append(([name], ["virtualization", "virtualMachineOptions", name]))
    }
    for name in ["vmiCPUAllocationRatio", "autoCPULimitNamespaceLabelSelector"] {
      places.append((["resourceRequirements", name], ["virtualization", name]))
    }
    for (group, names) in [
      ("security", ["certConfig", "tlsSecurityProfile"]),
      (
        "virtualization",
        [
          "tuningPolicy", "liveMigrationConfig", "mediatedDevicesConfiguration",
          "workloadUpdateStrategy", "evictionStrategy", "virtualMachineOptions",
          "higherWorkloadDensity", "liveUpdateConfiguration", "ksmConfiguration",
          "changedBlockTrackingLabelSelectors", "hypervisors", "roleAggregationStrategy",
        ]
      ),
      (
        "storage",
        [
          "vmStateStorageClass", "scratchSpaceStorageClass", "storageImport", "filesystemOverhead",
        ]
      ),
      (
        "networking",
        ["kubeSecondaryDNSNameServerIP", "kubeMacPoolConfiguration", "networkBinding"]
      ),
      (
        "workloadSources",
        [
          "commonTemplatesNamespace", "commonBootImageNamespace", "enableCommonBootImageImport",
          "dataImportCronTemplates", "instancetypeConfig",
        ]
      ),
      (
        "deployment",
        [
          "uninstallStrategy", "logVerbosityConfig", "deployVmConsoleProxy",
          "applicationAwareConfig",
        ]
      ),
    ] {
      places += names.map { ([$0], [group, $0]) }
    }
    return places
  }()

  /// Takes a value out, and the mappings around it that are empty then.
  private static func take(_ path: [String], out node: inout ObjectNode) -> ObjectNode? {
    guard let key = path.first, var child = node[key] else { return nil }
    guard path.count > 1 else {
      node[key] = nil
      return child
    }
    let value = take(Array(path.dropFirst()), out: &child)
    if value != nil { node[key] = child.entries.isEmpty ? nil : child }
    return value
  }

  private static func set(_ value: ObjectNode, at path: [String], in node: inout ObjectNode) {
    guard let key = path.first else { return }
    if path.count == 1 {
      guard let present = node[key], present.isMapping, value.isMapping else {
        node[key] = value
        return
      }
      // Part of it came by another place.
      var merged = present
      for entry in value.entries { merged[entry.key] = entry.value }
      node[key] = merged
      return
    }
    var child = node[key].flatMap { $0.isMapping ? $0 : nil } ?? [:]
    set(value, at: Array(path.dropFirst()), in: &child)
    node[key] = child
  }

  private static func convertGatesToList(_ spec: inout ObjectNode) {
    guard let gates = spec["featureGates"], gates.isMapping else { return }
    spec["featureGates"] = .sequence(
      gates.entries.map { gate in
        [
          "name": .text(gate.key),
          "state": gate.value.boolean == true ? "Enabled" : "Disabled",
        ]
      })
  }

  private static func convertGatesToMapping(_ spec: inout ObjectNode) {
    guard let gates = spec["featureGates"], gates.isSequence else { return }
    var mapping: ObjectNode = [:]
    for gate in gates.items {
      guard let name = gate["name"]?.string else { continue }
      mapping[name] = .boolean(gate["state"]?.string ?? "Enabled" == "Enabled")
    }
    spec["featureGates"] = mapping
  }
}
