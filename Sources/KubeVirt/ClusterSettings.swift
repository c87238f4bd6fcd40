import Objects

/// The settings of a cluster that bear on booting, as its HyperConverged has them.
package struct ClusterSettings: Hashable, Sendable {
  /// `defaultCPUModel`, case-sensitive; the model of machines that name none.
  package var defaultCPUModel: String?
  /// The feature gates that are switched on.
  package var featureGates: Set<String>
  /// The feature gates that are switched off though they are on by default.
  package var disabledFeatureGates: Set<String> = []
  /// Whether an interface on the pod network may be bound as a bridge.
  package var permitsBridgeOnPodNetwork = true
  /// Whether changes reach running machines (`vmRolloutStrategy: LiveUpdate`, KubeVirt's default);
  /// then guest memory may be over the limit.
  package var liveUpdate: Bool
  /// Machine types allowed; a `*` at the end stands for any ending.
  package var machineTypes: [String]
  /// The MAC addresses of interfaces that name none; `nil` where no pool is set.
  package var macPool: MACAddressPool?
  /// CPU models that no node is labelled with.
  package var obsoleteModels = Self.usualObsoleteModels
  /// What bears on launcher pods.
  package var launcher = LauncherSettings()

  /// The settings of a cluster as it is installed.
  package init(
    defaultCPUModel: String? = nil, featureGates: Set<String> = [], liveUpdate: Bool = true,
    machineTypes: [String] = ["q35*", "pc-q35*"], macPool: MACAddressPool? = nil
  ) {
    self.defaultCPUModel = defaultCPUModel
    self.featureGates = featureGates
    self.liveUpdate = liveUpdate
    self.machineTypes = machineTypes
    self.macPool = macPool
  }

  /// Whether persistent EFI variables are allowed: everywhere, for the gate is generally available,
  /// but where a HyperConverged says no, as OpenShift's documentation has it.
  package var persistentState: Bool { !disabledFeatureGates.contains("VMPersistentState") }

  /// The models that a HyperConverged's operator calls obsolete in any case
  /// (hyperconverged-cluster-operator, controllers/handlers/kubevirt.go).
  static let obsoleteModelsOfOperator = [
    "486", "pentium", "pentium2", "pentium3", "pentiumpro", "coreduo", "n270", "core2duo",
    "Conroe", "athlon", "phenom", "qemu64", "qemu32", "kvm64", "kvm32", "Opteron_G1", "Opteron_G2",
  ]

  /// The models that KubeVirt calls obsolete, and a HyperConverged always (KubeVirt,
  /// pkg/virt-handler/node-labeller).
  package static let usualObsoleteModels = Set(
    obsoleteModelsOfOperator + obsoleteModelsOfOperator.map { "\($0)-v1" })
}
