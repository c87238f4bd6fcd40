import Manifest

/// The settings of a cluster that bear on booting, as its HyperConverged has them.
public struct ClusterSettings: Hashable, Sendable {
  /// `defaultCPUModel`, case-sensitive; the model of machines that name none.
  public var defaultCPUModel: String?
  /// The feature gates that are switched on.
  public var featureGates: Set<String>
  /// The feature gates that are switched off though they are on by default.
  public var disabledFeatureGates: Set<String> = []
  /// Whether an interface on the pod network may be bound as a bridge.
  public var permitsBridgeOnPodNetwork = true
  /// Whether changes reach running machines (`vmRolloutStrategy: LiveUpdate`, KubeVirt's default);
  /// then guest memory may be over the limit.
  public var liveUpdate: Bool
  /// Machine types allowed; a `*` at the end stands for any ending.
  public var machineTypes: [String]
  /// The MAC addresses of interfaces that name none; `nil` where no pool is set.
  public var macPool: MACAddressPool?

  /// The settings of a cluster as it is installed.
  public init(
    defaultCPUModel: String? = nil, featureGates: Set<String> = [], liveUpdate: Bool = true,
    machineTypes: [String] = ["q35*", "pc-q35*"], macPool: MACAddressPool? = nil
  ) {
    self.defaultCPUModel = defaultCPUModel
    self.featureGates = featureGates
    self.liveUpdate = liveUpdate
    self.machineTypes = machineTypes
    self.macPool = macPool
  }

  /// Whether persistent EFI variables are allowed.
  public var persistentState: Bool { featureGates.contains("VMPersistentState") }
}

extension ClusterSettings {
  /// Whether a document is a HyperConverged.
  public static func accepts(_ document: ManifestDocument) -> Bool {
    document.kind == "HyperConverged" && ["", "hco.kubevirt.io"].contains(document.group)
  }

  /// Decodes a HyperConverged; settings that have no part in booting are ignored.
  ///
  /// `featureGates` may be a mapping of booleans (v1beta1), a list of names, or a list of
  /// `{name, state}` (v1).
  ///
  /// - Returns: `nil` only for another kind of document.
  public init?(_ document: ManifestDocument, log: ProblemLog) {
    guard Self.accepts(document) else { return nil }
    self.init()
    document.checkAPIVersion(
      served: ["hco.kubevirt.io/v1beta1", "hco.kubevirt.io/v1"], log: log)
    let root = document.fields(log)
    root.warnUnknown(except: ManifestDocument.objectKeys)
    let spec = root["spec"]
    defaultCPUModel = spec["defaultCPUModel"].string
    if defaultCPUModel == nil { suggest("defaultCPUModel", in: spec) }
    macPool = MACAddressPool(spec["kubeMacPoolConfiguration"])
    let gates = spec["featureGates"]
    if case .sequence? = gates.node?.content {
      for gate in gates.items {
        if case .mapping? = gate.node?.content {
          let state = gate["state"].string ?? "Enabled"
          if let name = gate["name"].string, state == "Enabled" { insert(name) }
        } else if let name = gate.string {
          insert(name)
        }
      }
    } else {
      for (name, field) in gates.entries where field.boolean == true { insert(name) }
      if !persistentState, !gates["VMPersistentState"].exists {
        suggest("VMPersistentState", in: gates)
      }
    }
    switch spec["vmRolloutStrategy"].string ?? "LiveUpdate" {
    case "Stage": liveUpdate = false
    default: break
    }
  }

  /// Gates are written `VMPersistentState` or, as HyperConverged's own, `persistentReservation`.
  private mutating func insert(_ name: String) {
    featureGates.insert(
      name.lowercased() == "vmpersistentstate" ? "VMPersistentState" : name)
  }

  /// Warns when a field that is looked for is there under a near name.
  private func suggest(_ name: String, in field: Field) {
    for (key, child) in field.entries where nearest(to: key, among: [name]) != nil {
      child.warning(
        "unknown field \(key.debugDescription); did you mean \(name.debugDescription)?"
          + " (it is ignored)")
    }
  }
}
