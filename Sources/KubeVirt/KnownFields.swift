/// Fields of KubeVirt's API that stand for one thing each
/// (staging/src/kubevirt.io/api/core/v1/schema.go, v1.9).
enum KnownFields {
  /// How an interface meets its network, but for binding plugins.
  static let bindings: [String] = [
    "bridge", "slirp", "masquerade", "sriov", "macvtap", "passt", "passtBinding",
  ]
  /// Where a volume's data comes from.
  static let volumeSources: [String] = [
    "hostDisk", "persistentVolumeClaim", "cloudInitNoCloud", "cloudInitConfigDrive", "sysprep",
    "containerDisk", "ephemeral", "emptyDisk", "dataVolume", "configMap", "secret", "downwardAPI",
    "serviceAccount", "downwardMetrics", "memoryDump", "containerPath",
  ]
}
