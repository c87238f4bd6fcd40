import Objects

/// KubeVirt's admission of one VirtualMachine or VirtualMachineInstance: what its validating webhook
/// says of the tree that the mutating one has left (pkg/virt-api/webhooks, v1.9).
///
/// One family of rules per file of this folder, each a pure function of the object and the
/// cluster's settings.
struct Admission {
  let kind: Machine.Kind
  let cluster: ClusterSettings
  let root: APIValue
  /// The instance's spec: the template's for a VirtualMachine.
  let spec: APIValue
  /// Its path.
  let path: String
  /// The path of a VirtualMachine's own spec.
  let outerPath: String
  let sizing: MachineSizing
  let domain: APIValue
  let devices: APIValue
  let interfaces: [APIValue]
  let networks: [APIValue]
  let volumes: [APIValue]
  let disks: [AdmittedDisk]
  let memory: AdmittedMemory
  let cpu: AdmittedCPU

  var domainPath: String { "\(path).domain" }
  var devicesPath: String { "\(path).domain.devices" }
  func interfacePath(_ index: Int) -> String { "\(path).domain.devices.interfaces[\(index)]" }
  func diskPath(_ index: Int) -> String { "\(path).domain.devices.disks[\(index)]" }
  func volumePath(_ index: Int) -> String { "\(path).volumes[\(index)]" }

  /// The rules over an object.
  init(_ object: MachineObject) {
    kind = object.kind
    cluster = object.cluster
    root = APIValue(object.admitted)
    let outer = root["spec"]
    spec = kind == .virtualMachine ? outer["template"]["spec"] : outer
    path = object.specPath
    outerPath = object.outerPath
    sizing = object.sizing
    domain = spec["domain"]
    devices = domain["devices"]
    volumes = spec["volumes"].items
    interfaces = devices["interfaces"].items
    networks = spec["networks"].items
    disks = devices["disks"].items.map(AdmittedDisk.init)
    memory = AdmittedMemory(domain)
    cpu = AdmittedCPU(domain)
  }

  /// The volumes by their names, the last of a name.
  var volumesByName: [String: APIValue] {
    Dictionary(volumes.map { ($0["name"].string, $0) }) { _, last in last }
  }

  /// What KubeVirt says, in its stages: each is reached only when the one before finds nothing.
  func causes() -> [Cause] {
    switch kind {
    case .virtualMachine: virtualMachineCauses()
    case .virtualMachineInstance: instanceCauses()
    }
  }

  private func virtualMachineCauses() -> [Cause] {
    let warnings =
      runningCauses()
      + (sizing.isSized ? [] : missingMemoryCauses(severity: .warning))
    let stages: [() -> [Cause]] = [
      matcherCauses, inferenceCauses, dataSourceCauses, { sizing.conflicts },
      { sizing.requirementCauses(spec) }, podBridgeCauses, gateCauses, discontinuedBindingCauses,
      virtualMachineSpecCauses,
      dataVolumeNamespaceCauses,
    ]
    for stage in stages {
      let causes = stage()
      if !causes.isEmpty { return unique(causes + warnings) }
    }
    return warnings
  }

  private func virtualMachineSpecCauses() -> [Cause] {
    var causes = metadataCauses(
      root["spec"]["template"]["metadata"], "\(outerPath).template.metadata")
    causes += specCauses()
    causes += dataVolumeTemplateCauses()
    causes += runStrategyCauses()
    causes += liveUpdateCauses()
    return causes
  }

  private func instanceCauses() -> [Cause] {
    let refusal = podBridgeCauses()
    if !refusal.isEmpty { return refusal }
    var causes = gateCauses()
    causes += specCauses()
    causes += volumeMatchCauses()
    causes += missingMemoryCauses(severity: .error)
    causes += metadataCauses(root["metadata"], "metadata")
    causes += hypervCauses()
    causes += architectureCauses()
    return unique(causes)
  }

  /// What the admission of both kinds looks at (ValidateVirtualMachineInstanceSpec).
  private func specCauses() -> [Cause] {
    let rules: [() -> [Cause]] = [
      nameCauses, memoryCauses, machineTypeCauses, acpiTableCauses, cpuCauses, startStrategyCauses,
      placementCauses, networkCauses, resourceClaimCauses, bootOrderCauses, deviceCauses,
      probeCauses, diskCauses, firmwareCauses, volumeCauses, accessCredentialCauses, dnsCauses,
      launchSecurityCauses,
    ]
    return rules.flatMap { $0() }
  }

  private func unique(_ causes: [Cause]) -> [Cause] {
    var seen: Set<Cause> = []
    return causes.filter { seen.insert($0).inserted }
  }
}

extension MachineObject {
  /// What KubeVirt's webhooks say against the object; empty when it is admitted. Unknown fields and
  /// deprecations are warnings.
  package var causes: [Cause] {
    unknownFields
      + (typeCauses.isEmpty ? Admission(self).causes().map(tolerated) + hostCauses : typeCauses)
  }

  /// A cause, as a warning where a preference that is not here may do away with it.
  private func tolerated(_ cause: Cause) -> Cause {
    guard let preference = sizing.missingPreference, cause.severity == .error,
      Admission.isUpToPreference(cause)
    else { return cause }
    var cause = cause
    cause.severity = .warning
    cause.message += " (unless the preference \(preference) says so, which is not in these files)"
    return cause
  }

  /// What helps where KubeVirt's words do not say it.
  private static func wayOut(of cause: Cause) -> String {
    guard cause.severity == .error, cause.message.hasSuffix(Admission.smmIsOff) else { return "" }
    return " Write smm: {enabled: true} in domain.features, or secureBoot: false in efi."
  }

  /// How much is said against one object.
  static let causeLimit = 1000

  /// Reports what KubeVirt says against the object, each at its place in the file.
  package func admit(log: ProblemLog) {
    let causes = causes
    for cause in causes.prefix(Self.causeLimit) {
      log.report(
        cause.severity, at: document.location(of: cause.place), field: cause.field,
        cause.message + Self.wayOut(of: cause))
    }
    let rest = causes.dropFirst(Self.causeLimit)
    guard !rest.isEmpty else { return }
    log.report(
      rest.contains { $0.severity == .error } ? .error : .warning, at: document.location,
      field: "", "\(rest.count) more of this object, which are not listed")
  }
}
