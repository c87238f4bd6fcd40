/// The feature gates of KubeVirt and when they are on (pkg/virt-config/featuregate, v1.9).
enum FeatureGates {
  /// Gates that are on unless they are disabled.
  private static let beta: Set<String> = [
    "DeclarativeHotplugVolumes", "DecentralizedLiveMigration",
    "ExternalNetResourceInjection", "GPUsWithDRA", "HostDevicesWithDRA", "ImageVolume",
    "KubevirtSeccompProfile", "NodeRestriction", "OptOutRoleAggregation", "PasstBinding",
    "PodSecondaryInterfaceNamingUpgrade", "RebootPolicy", "Snapshot", "Template",
    "WorkloadEncryptionSEV",
  ]

  /// Gates that are always on, because what they guarded is generally available.
  private static let generallyAvailable: Set<String> = [
    "AutoResourceLimitsGate", "BochsDisplayForEFIGuests", "CPUNodeDiscovery", "ClusterProfiler",
    "CommonInstancetypesDeploymentGate", "DisableCustomSELinuxPolicy", "DynamicPodInterfaceNaming",
    "EnableVirtioFsConfigVolumes", "ExpandDisks", "GPU", "HotplugNICs",
    "InstancetypeReferencePolicy", "LibvirtHooksServerAndClient", "LiveMigration",
    "LiveUpdateNADRef", "MigrationPriorityQueue", "NUMA", "NetworkBindingPlugins", "NonRoot",
    "PSA", "PanicDevices", "PersistentReservation", "SRIOVLiveMigration", "SecureExecution",
    "VMExport", "VMLiveUpdateFeatures", "VMPersistentState", "VideoConfig",
    "VmiMemoryOverheadReport", "VolumeMigration", "VolumesUpdateStrategy",
  ]

  /// Whether a gate is on in a cluster that switches some on and some off.
  static func isOn(_ gate: String, enabled: Set<String>, disabled: Set<String>) -> Bool {
    if generallyAvailable.contains(gate) || enabled.contains(gate) { return true }
    return beta.contains(gate) && !disabled.contains(gate)
  }
}

extension ClusterSettings {
  /// Whether a gate of KubeVirt is on: generally available, switched on, or on by default and not
  /// switched off.
  func isOn(_ gate: String) -> Bool {
    FeatureGates.isOn(gate, enabled: featureGates, disabled: disabledFeatureGates)
  }
}
