import Objects

extension ClusterSettings {
  /// Whether a document has a cluster's settings: a HyperConverged, or a KubeVirt that stands for
  /// one.
  package static func accepts(_ document: ManifestDocument) -> Bool {
    switch document.kind {
    case "HyperConverged": ["", "hco.kubevirt.io"].contains(document.group)
    case "KubeVirt": ["", "kubevirt.io"].contains(document.group)
    default: false
    }
  }

  /// Decodes a HyperConverged (hyperconverged-cluster-operator, api/v1beta1 and api/v1, which has
  /// some settings elsewhere) or a KubeVirt (kubevirt.io/v1, spec.configuration).
  ///
  /// Settings that have no part in booting are kept to themselves; those that the API does not have
  /// are named in one warning.
  ///
  /// - Returns: `nil` only for another kind of document.
  package init?(_ document: ManifestDocument, log: ProblemLog) {
    guard Self.accepts(document) else { return nil }
    self.init()
    let root = document.fields(log)
    root.warnUnknown(except: ManifestDocument.objectKeys)
    if document.kind == "KubeVirt" {
      document.checkAPIVersion(
        served: ["kubevirt.io/v1", "kubevirt.io/v1alpha3"], log: log)
      decode(configuration: root["spec"]["configuration"])
    } else {
      document.checkAPIVersion(
        served: ["hco.kubevirt.io/v1beta1", "hco.kubevirt.io/v1"], log: log)
      decode(
        hyperConverged: HyperConvergedSpec(
          spec: root["spec"], isV1: document.apiVersion == "hco.kubevirt.io/v1"))
    }
  }

  private mutating func decode(hyperConverged: HyperConvergedSpec) {
    let (spec, isV1) = (hyperConverged.spec, hyperConverged.isV1)
    // What the operator switches on in every KubeVirt (controllers/handlers/kubevirt.go).
    featureGates = ["CPUManager", "HostDevices", "KubevirtSeccompProfile", "Snapshot"]
    defaultCPUModel = hyperConverged["defaultCPUModel"].string
    let obsolete = hyperConverged["obsoleteCPUs", "cpuModels"]
    obsoleteModels.formUnion(obsolete.items.compactMap(\.string))
    macPool = MACAddressPool(hyperConverged["kubeMacPoolConfiguration"])
    let gates = spec["featureGates"]
    if isV1, gates.node?.isMapping == true {
      gates.error(
        "expected a list, found a mapping: in hco.kubevirt.io/v1 it is a list of"
          + " {name: NAME, state: Enabled}; write so, or apiVersion: hco.kubevirt.io/v1beta1, whose gates are a"
          + " mapping")
    } else {
      decode(gates: gates)
    }
    decode(rollout: spec["vmRolloutStrategy"])
    decode(machineTypes: spec["emulatedMachines"])
    launcher.decode(hyperConverged)
    noteUnknown(in: spec, isV1: isV1)
  }

  private mutating func decode(configuration: Field) {
    let developer = configuration["developerConfiguration"]
    featureGates = Set(developer["featureGates"].items.compactMap(\.string))
    disabledFeatureGates = Set(developer["disabledFeatureGates"].items.compactMap(\.string))
    // What is generally available cannot be switched off.
    disabledFeatureGates.remove("VMPersistentState")
    defaultCPUModel = configuration["cpuModel"].string
    let obsolete = configuration["obsoleteCPUModels"]
    // A model that is named is obsolete, whatever stands beside it.
    if obsolete.exists { obsoleteModels = Set(obsolete.entries.map(\.key)) }
    decode(rollout: configuration["vmRolloutStrategy"])
    let architecture = configuration["architectureConfiguration"]["amd64"]["emulatedMachines"]
    decode(machineTypes: architecture)
    decode(machineTypes: configuration["emulatedMachines"])
    launcher.decode(configuration: configuration)
    let network = configuration["network"]
    permitsBridgeOnPodNetwork = network["permitBridgeInterfaceOnPodNetwork"].boolean ?? true
  }

  private mutating func decode(rollout: Field) {
    switch rollout.string {
    case nil, "LiveUpdate": liveUpdate = true
    case "Stage": liveUpdate = false
    case let other?:
      rollout.error(
        "unsupported rollout strategy \(other.debugDescription); known: LiveUpdate, Stage")
    }
  }

  private mutating func decode(machineTypes field: Field) {
    if field.exists { machineTypes = field.items.compactMap(\.string) }
  }

  /// A mapping of booleans (v1beta1), a list of `{name, state}` (v1), or a list of names.
  private mutating func decode(gates: Field) {
    if gates.node?.isSequence == true {
      for gate in gates.items {
        if gate.node?.isMapping == true {
          guard let name = gate["name"].string else { continue }
          set(name, isOn: gate["state"].string ?? "Enabled" == "Enabled")
          warnOfNoGate(name, gate["name"])
        } else if let name = gate.string {
          set(name, isOn: true)
          warnOfNoGate(name, gate)
        }
      }
      return
    }
    for (name, field) in gates.entries {
      if let isOn = field.boolean { set(name, isOn: isOn) }
      warnOfNoGate(name, field)
    }
  }

  /// The operator switched this gate on in every KubeVirt until it became generally available; the
  /// HyperConverged never had it (hyperconverged-cluster-operator, api/v1beta1, FeatureGates).
  private func warnOfNoGate(_ name: String, _ field: Field) {
    guard nearest(to: name, among: [HyperConvergedFields.documentedGate]) != nil else { return }
    field.warning(
      "a cluster ignores it: VMPersistentState is no feature gate of a HyperConverged, and persistent"
        + " EFI variables need none; a lab does as it says")
  }

  /// HyperConverged writes gates with a small first letter, KubeVirt with a large one.
  private mutating func set(_ name: String, isOn: Bool) {
    let gate =
      name.lowercased() == "vmpersistentstate"
      ? "VMPersistentState" : name.prefix(1).uppercased() + name.dropFirst()
    if isOn {
      featureGates.insert(gate)
    } else {
      featureGates.remove(gate)
      disabledFeatureGates.insert(gate)
    }
  }

  private func noteUnknown(in spec: Field, isV1: Bool) {
    let known = HyperConvergedFields.spec(isV1: isV1).keys
    let unknown = spec.entries.map(\.key).filter { !known.contains($0) }
    guard let first = unknown.first else { return }
    let names = unknown.map { name in
      let near = nearest(to: name, among: known.sorted())
      return name.debugDescription
        + (near.map { " (did you mean \($0.debugDescription)?)" } ?? "")
    }
    spec[first].warning(
      "settings that a HyperConverged \(isV1 ? "v1" : "v1beta1") does not have are ignored: "
        + names.joined(separator: ", "))
  }
}
